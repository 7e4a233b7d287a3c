; What the installer does besides putting the app into the person's own folder. Everything is the person's own
; (HKCU), and is taken back when it is removed.

!define PROGID "Edgekeep.Certificate"
!define CLASSES "Software\Classes"
!define COMMAND_FILE "$LOCALAPPDATA\Microsoft\WindowsApps\edgekeep.cmd"

; Offered under "Open with"; the program that opens these files stays the one it is.
!macro eachExtension MACRO
  !insertmacro ${MACRO} "pem"
  !insertmacro ${MACRO} "crt"
  !insertmacro ${MACRO} "cer"
  !insertmacro ${MACRO} "der"
  !insertmacro ${MACRO} "p7b"
  !insertmacro ${MACRO} "p7c"
  !insertmacro ${MACRO} "p12"
  !insertmacro ${MACRO} "pfx"
  !insertmacro ${MACRO} "csr"
  !insertmacro ${MACRO} "crl"
!macroend

!macro offer EXTENSION
  WriteRegNone HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${PROGID}"
!macroend

!macro withdraw EXTENSION
  DeleteRegValue HKCU "${CLASSES}\.${EXTENSION}\OpenWithProgids" "${PROGID}"
!macroend

!macro customInstall
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "" "Certificate or key"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro eachExtension offer

  ; A folder that Windows has on every person's PATH.
  CreateDirectory "$LOCALAPPDATA\Microsoft\WindowsApps"
  FileOpen $0 "${COMMAND_FILE}" w
  FileWrite $0 '@"$INSTDIR\resources\engine\bin\edgekeep.cmd" %*$\r$\n'
  FileClose $0
!macroend

; Trust, names and ports are undone in a console, where the plan is shown and agreed to. Not for an update, which
; removes the version before, and not where nobody is there to answer.
!macro offerUndo
  ${IfNot} ${Silent}
  ${AndIfNot} ${isUpdated}
    MessageBox MB_YESNO|MB_ICONQUESTION "Undo what Edgekeep changed on this computer: trust in its local authority, names and ports? You see every change first." IDNO edgekeepKeepsChanges
    ExecWait '"$SYSDIR\cmd.exe" /c ""$INSTDIR\resources\engine\bin\edgekeep.cmd" uninstall & pause"'
    edgekeepKeepsChanges:
  ${EndIf}
!macroend

!macro customUnInstall
  !insertmacro offerUndo
  !insertmacro eachExtension withdraw
  DeleteRegKey HKCU "${CLASSES}\${PROGID}"
  Delete "${COMMAND_FILE}"
!macroend
