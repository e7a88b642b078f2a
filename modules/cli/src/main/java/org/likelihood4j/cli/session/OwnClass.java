package org.likelihood4j.cli.session;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.exercises.OwnFormulas;

/** Finds somebody's {@link OwnFormulas}: a class of the class path, or a Java source file, which is compiled. */
public final class OwnClass {
    private static final String SOURCE = ".java";
    private static final String CLASS = ".class";

    private OwnClass() {}

    /**
     * Makes one.
     *
     * @param name of a class, or a file that ends in .java
     * @throws RunException if it is not there, does not compile, is none, or cannot be made
     */
    public static OwnFormulas load(String name) {
        return name.endsWith(SOURCE) ? compiled(Path.of(name)) : named(name);
    }

    private static OwnFormulas named(String name) {
        try {
            return instance(Class.forName(name), name);
        } catch (ClassNotFoundException e) {
            throw new RunException(
                    "there is no class " + name
                            + "; give a file such as MyFormulas.java, or put the class's folder or jar"
                            + " into LIKELIHOOD4J_CLASS_PATH",
                    e);
        }
    }

    private static OwnFormulas compiled(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new RunException(file + ": no such file");
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new RunException(
                    "this Java has no compiler: use a JDK, or compile " + file + " and give the class's name");
        }
        try {
            Path classes = Files.createTempDirectory("likelihood4j-own");
            try {
                compile(compiler, file, classes);
                return first(file, classes);
            } finally {
                AtomicFiles.delete(classes);
            }
        } catch (IOException e) {
            throw new RunException(file + ": cannot be compiled (" + IoReasons.of(e) + ")", e);
        }
    }

    private static void compile(JavaCompiler compiler, Path file, Path classes) throws IOException {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
            boolean compiled = compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(file))
                    .call();
            if (!compiled) {
                throw new RunException(problems.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                        .findFirst()
                        .map(problem -> file + ":" + problem.getLineNumber() + ": "
                                + problem.getMessage(Locale.ROOT)
                                        .lines()
                                        .findFirst()
                                        .orElse("cannot be compiled"))
                        .orElse(file + ": cannot be compiled"));
            }
        }
    }

    /** The first class of those that were compiled which is one; it stays usable when its file is gone. */
    @SuppressWarnings("resource") // classes that it has loaded may still ask it for others
    private static OwnFormulas first(Path file, Path classes) throws IOException {
        List<String> names;
        try (Stream<Path> all = Files.walk(classes)) {
            names = all.map(path -> classes.relativize(path).toString())
                    .filter(path -> path.endsWith(CLASS))
                    .map(path ->
                            path.substring(0, path.length() - CLASS.length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
        URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, OwnClass.class.getClassLoader());
        try {
            OwnFormulas found = null;
            for (String name : names) {
                // All of them, so that none is looked for when the files are gone.
                Class<?> type = Class.forName(name, true, loader);
                if (found == null
                        && OwnFormulas.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers())) {
                    found = instance(type, file.toString());
                }
            }
            if (found == null) {
                throw new RunException(file + ": has no class that implements " + OwnFormulas.class.getName());
            }
            return found;
        } catch (ClassNotFoundException | LinkageError e) {
            throw new RunException(file + ": cannot be loaded (" + e + ")", e);
        }
    }

    private static OwnFormulas instance(Class<?> type, String name) {
        if (!OwnFormulas.class.isAssignableFrom(type)) {
            throw new RunException(name + ": does not implement " + OwnFormulas.class.getName());
        }
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (OwnFormulas) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new RunException(
                    name + ": " + type.getSimpleName() + " needs a constructor without arguments that succeeds", e);
        }
    }
}
