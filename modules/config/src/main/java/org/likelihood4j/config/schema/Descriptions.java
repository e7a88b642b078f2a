package org.likelihood4j.config.schema;

import com.github.therapi.runtimejavadoc.ClassJavadoc;
import com.github.therapi.runtimejavadoc.Comment;
import com.github.therapi.runtimejavadoc.CommentVisitor;
import com.github.therapi.runtimejavadoc.FieldJavadoc;
import com.github.therapi.runtimejavadoc.Link;
import com.github.therapi.runtimejavadoc.ParamJavadoc;
import com.github.therapi.runtimejavadoc.RuntimeJavadoc;
import com.github.therapi.runtimejavadoc.Value;
import java.util.List;
import java.util.regex.Pattern;

/** What each key and choice means, in the words of the records' Javadoc, which the compiler keeps for us. */
final class Descriptions {
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=\\.)(?<!et al\\.) ");

    /** Each record's comments are read once, not for each of its keys. */
    private static final ClassValue<ClassJavadoc> JAVADOC = new ClassValue<>() {
        @Override
        protected ClassJavadoc computeValue(Class<?> type) {
            return RuntimeJavadoc.getJavadoc(type);
        }
    };

    private Descriptions() {}

    /** Of a section: the first sentence on its record. */
    static String of(Class<?> type) {
        String all = text(JAVADOC.get(type).getComment());
        if (all.isEmpty()) {
            throw missing(DefaultSection.name(type), "a comment /** ... */ on " + DefaultSection.name(type));
        }
        return SENTENCE_END.split(all, 2)[0];
    }

    /** Of a key: the {@code @param} of its component. */
    static String of(Class<?> record, String key) {
        List<ParamJavadoc> params = JAVADOC.get(record).getRecordComponents();
        return params.stream()
                .filter(param -> param.getName().equals(key))
                .map(param -> text(param.getComment()))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow(() -> missing(
                        DefaultSection.name(record) + "." + key,
                        "'@param " + key + " ...' to the Javadoc of the record " + DefaultSection.name(record)));
    }

    /** Of one choice: the comment on the constant. */
    static String of(Enum<?> choice) {
        Class<?> type = choice.getDeclaringClass();
        List<FieldJavadoc> constants = JAVADOC.get(type).getEnumConstants();
        return constants.stream()
                .filter(constant -> constant.getName().equals(choice.name()))
                .map(constant -> text(constant.getComment()))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow(() -> missing(
                        DefaultSection.name(type) + "." + choice.name(),
                        "a comment /** ... */ on the constant " + choice.name()));
    }

    private static IllegalStateException missing(String what, String remedy) {
        return new IllegalStateException(what + ": no description for the JSON Schema; add " + remedy + " in "
                + what.substring(0, what.indexOf('.') < 0 ? what.length() : what.indexOf('.')) + ".java");
    }

    private static String text(Comment comment) {
        Words words = new Words();
        comment.visit(words);
        return words.text
                .toString()
                .replaceAll("</?[a-z]+>", " ")
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** A comment without its mark-up. */
    private static final class Words implements CommentVisitor {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void commentText(String value) {
            text.append(value);
        }

        @Override
        public void inlineLink(Link link) {
            text.append(link.getLabel());
        }

        @Override
        public void inlineTag(String name, String value) {
            text.append(value);
        }

        @Override
        public void inlineValue(Value value) {
            text.append(value.getReferencedMemberName());
        }
    }
}
