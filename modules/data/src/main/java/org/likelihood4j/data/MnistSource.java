package org.likelihood4j.data;
import java.nio.file.Path; import java.util.*;
public final class MnistSource implements ImageSource { public MnistSource(List<Path> folders, int validation){} public Splits load(ProgressListener p){throw new UnsupportedOperationException();} public String describe(){return "";} }
