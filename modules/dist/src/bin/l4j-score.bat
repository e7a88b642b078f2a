@echo off
rem l4j-score EXPORT [ROWS.csv]: scores rows with an exported model. Needs Java 17 or newer, in JAVA_HOME or on the PATH;
rem L4J_SCORE_OPTS are options of the JVM.
setlocal
set "JAR=%~dp0..\lib\likelihood4j-score.jar"
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java.exe")
"%JAVA%" %L4J_SCORE_OPTS% -cp "%JAR%" org.likelihood4j.score.command.ScoreCsv %*
exit /b %ERRORLEVEL%
