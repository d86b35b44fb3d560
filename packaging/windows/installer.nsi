; The installer for Windows that can be made on any system: makensis -DVERSION=0.1.0 \
;     -DSOURCE=folder -DICON=learnsite.ico -DOUT=setup.exe packaging/windows/installer.nsi
; For one person, without an administrator.
Unicode true
!include "MUI2.nsh"
!include "x64.nsh"
!include "WinVer.nsh"
!include "FileFunc.nsh"

!define ID "learnsite"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"

Name "学点记"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\learnsite"
InstallDirRegKey HKCU "Software\${ID}" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "学点记 learnsite"
VIAddVersionKey /LANG=2052 "FileDescription" "学点记 安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "learnsite"
VIAddVersionKey /LANG=2052 "LegalCopyright" "Apache-2.0"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\learnsite-window.exe"
!insertmacro MUI_PAGE_LICENSE "${SOURCE}/licences/NOTICES.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

!macro Kind SUFFIX NAME ABOUT
    WriteRegStr HKCU "Software\Classes\${SUFFIX}\OpenWithProgids" "learnsite.${NAME}" ""
    WriteRegStr HKCU "Software\Classes\learnsite.${NAME}" "" "${ABOUT}"
    WriteRegStr HKCU "Software\Classes\learnsite.${NAME}\DefaultIcon" "" "$INSTDIR\learnsite-window.exe,0"
    WriteRegStr HKCU "Software\Classes\learnsite.${NAME}\shell\open\command" "" '"$INSTDIR\learnsite-window.exe" "%1"'
!macroend
!macro NoKind SUFFIX NAME
    DeleteRegValue HKCU "Software\Classes\${SUFFIX}\OpenWithProgids" "learnsite.${NAME}"
    DeleteRegKey HKCU "Software\Classes\learnsite.${NAME}"
!macroend

Function .onInit
    ${IfNot} ${RunningX64}
        MessageBox MB_ICONSTOP "学点记需要 64 位的 Windows。"
        Abort
    ${EndIf}
    ; Qt 6 needs what came with Windows 10 1809.
    ${IfNot} ${AtLeastWin10}
    ${OrIfNot} ${AtLeastBuild} 17763
        MessageBox MB_ICONSTOP "学点记需要 Windows 10（1809）或更新的版本。更旧的电脑请用乡镇发来的 Excel 登记表。"
        Abort
    ${EndIf}
FunctionEnd

Section
    ; A newer version leaves nothing of the older one behind; records lie elsewhere. While the program
    ; runs, Windows does not let its folder go: better to stop than to mix two versions.
    ${If} ${FileExists} "$INSTDIR\_internal\*.*"
        RMDir /r "$INSTDIR\_internal.old"
        ClearErrors
        Rename "$INSTDIR\_internal" "$INSTDIR\_internal.old"
        ${If} ${Errors}
            MessageBox MB_ICONSTOP "学点记正开着。请先关闭它，再安装。" /SD IDOK
            Abort
        ${EndIf}
        RMDir /r "$INSTDIR\_internal.old"
    ${EndIf}
    SetOutPath "$INSTDIR"
    File /r "${SOURCE}/*"
    CreateShortCut "$SMPROGRAMS\学点记.lnk" "$INSTDIR\learnsite-window.exe"
    CreateShortCut "$DESKTOP\学点记.lnk" "$INSTDIR\learnsite-window.exe"
    !insertmacro Kind ".lsb" "bundle" "学点记报送文件"
    !insertmacro Kind ".lsi" "introduction" "学点记介绍文件"
    !insertmacro Kind ".lso" "opening" "学点记开通文件"
    !insertmacro Kind ".lsk" "backup" "学点记备份"
    !insertmacro Kind ".lsu" "update" "学点记新版程序"
    WriteRegStr HKCU "Software\${ID}" "Folder" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "学点记"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\learnsite-window.exe"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "learnsite"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
    WriteUninstaller "$INSTDIR\uninstall.exe"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
    ; The records stay: they are in another folder.
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\_internal.old"
    RMDir /r "$INSTDIR\licences"
    Delete "$INSTDIR\package.txt"
    Delete "$INSTDIR\learnsite.exe"
    Delete "$INSTDIR\learnsite-window.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\学点记.lnk"
    Delete "$DESKTOP\学点记.lnk"
    !insertmacro NoKind ".lsb" "bundle"
    !insertmacro NoKind ".lsi" "introduction"
    !insertmacro NoKind ".lso" "opening"
    !insertmacro NoKind ".lsk" "backup"
    !insertmacro NoKind ".lsu" "update"
    DeleteRegKey HKCU "Software\${ID}"
    DeleteRegKey HKCU "${UNINSTALL}"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
