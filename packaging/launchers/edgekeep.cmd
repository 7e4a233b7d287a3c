@echo off
rem The command "edgekeep" of an installed desktop app: the launcher, on the Node that comes with it.
setlocal
set NODE_OPTIONS=
for /d %%n in ("%~dp0..\node_modules\node-win-*") do "%%n\bin\node.exe" "%~dp0edgekeep.mjs" %*
exit /b %errorlevel%
