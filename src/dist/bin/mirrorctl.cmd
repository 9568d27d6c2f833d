@echo off
rem Starts mirrorctl: finds a Java 17 or newer and runs it. The POSIX twin of this file says more on why.
setlocal EnableExtensions DisableDelayedExpansion

rem Called in quotes and found by PATH, this file is taken for one of the current folder, but not so in a subroutine.
call :here
set "lib=%here%..\lib"
set "java="
set "found="

rem A bundle brings a Java that has mirrorctl inside, and its archive of classes: nothing need lie on the class path.
set "runtime=%here%..\runtime"
set "classes=%runtime%\none"
if exist "%runtime%\bin\java.exe" (set "java=%runtime%\bin\java.exe" & goto run)
set "classes=%lib%\mirrorctl.jar"

if not defined JAVA_HOME goto on_path
set "home=%JAVA_HOME:"=%"
call :try "%home%\bin\java.exe"
if defined java goto jar

:on_path
for /f "delims=" %%I in ('%SystemRoot%\System32\where.exe "$PATH:java.exe" 2^>nul') do if not defined java call :try "%%I"
if not defined java goto no_java
if defined JAVA_HOME echo mirrorctl: no Java 17 or newer in JAVA_HOME, so "%java%" runs instead.>&2

:jar
if not exist "%classes%" goto no_jar

:run
rem The quick compiler alone starts sooner, but holds TLS below some 30 MB/s: not for what measures downloads.
rem JDK 17 would let two threads compile at once, which two processors have better uses for.
set "compiler=-XX:TieredStopAtLevel=1 -XX:CICompilerCount=1"
set "memory=-XX:+UseG1GC"
set "measures="
if /i "%~1"=="probe" set "measures=true"
if /i "%~1"=="apply" set "measures=true"
if defined measures set "compiler=-XX:TieredStopAtLevel=4"
if defined measures set "memory=-XX:+UseSerialGC -Xmn24m"
"%java%" %memory% -XX:-UsePerfData %compiler% -Xshare:auto -Xmx256m -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Xlog:disable -Xlog:all=error:stderr -XX:+DisplayVMOutputToStderr "-Dpicocli.converters.excludes=java.(sql|time)[.].*" %MIRRORCTL_OPTS% "-Dmirrorctl.launcher=%launcher%" -cp "%classes%" io.github.mirrorctl.Main %*
exit /b %ERRORLEVEL%

:here
set "launcher=%~f0"
set "here=%~dp0"
exit /b

rem Takes the java.exe at %1 if there is one and it is new enough; else adds to found what is there.
:try
if "%~1"=="" exit /b
if not exist "%~1" exit /b
set "version="
if exist "%~dp1..\release" for /f "usebackq tokens=1,2 delims==" %%A in ("%~dp1..\release") do if "%%A"=="JAVA_VERSION" set "version=%%~B"
rem No such file: the java has to be asked, which costs a second start.
if not defined version for /f "tokens=2,3" %%A in ('""%~1" -version 2^>^&1"') do if "%%A"=="version" set "version=%%~B"
if not defined version set "version=unknown"
set "major=%version%"
if "%major:~0,2%"=="1." set "major=%major:~2%"
for /f "delims=.-+_ " %%A in ("%major%") do set "major=%%A"
if %major% GEQ 17 (set "java=%~1") else set "found=%found% [%~1: Java %version%]"
exit /b

:no_jar
echo mirrorctl: "%lib%\mirrorctl.jar" is missing. Unpack mirrorctl again and keep bin and lib side by side.>&2
exit /b 5

rem From here on the file speaks UTF-8, so it stays last: no label below, and chcp comes before the first such line.
:no_java
rem Delayed expansion, since the values may hold any character.
setlocal EnableDelayedExpansion
for /f "tokens=2 delims=:." %%A in ('chcp') do set "codepage=%%A"
chcp 65001 >nul
if not defined found set "found= no java"
if not defined home set "home=not set"
echo mirrorctl: Java 17 or newer is needed, and none was found.>&2
echo   looked in:  JAVA_HOME (!home!), PATH>&2
echo   found:     !found!>&2
echo   what to do: install one, or set JAVA_HOME to the folder of one you have.>&2
echo mirrorctl：需要 Java 17 或更高版本，但在 JAVA_HOME 和 PATH 中没有找到。 >&2
echo   解决办法：安装一个，或把 JAVA_HOME 设为已安装的 Java 目录。 >&2
echo     winget install EclipseAdoptium.Temurin.17.JRE>&2
chcp %codepage% >nul
exit /b 5
