; The installer for Windows, made on Windows with Inno Setup 6.3 or newer:
;     iscc /DVersion=0.1.0 packaging\windows\installer.iss
; For one person, without an administrator; nothing outside the person's own folders is touched.
#ifndef Version
  #error Name the version: iscc /DVersion=1.2.3
#endif
#define Source "..\..\build\package\learnsite"

[Setup]
AppId={{6C1C2E8B-5B0E-4E0C-9B47-6A4B0B0E2F51}
AppName=学点记
AppVersion={#Version}
AppPublisher=learnsite
DefaultDirName={autopf}\learnsite
DefaultGroupName=学点记
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
; Qt 6 needs what came with Windows 10 1809.
MinVersion=10.0.17763
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
CloseApplications=yes
OutputDir=..\..\build\package
OutputBaseFilename=learnsite-{#Version}-windows-x64-setup
SetupIconFile=..\..\build\package-work\learnsite.ico
UninstallDisplayIcon={app}\learnsite-window.exe
VersionInfoVersion={#Version}
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
LicenseFile={#Source}\licences\NOTICES.txt
; Set by whoever signs: iscc /Ssign=... /DSigned
#ifdef Signed
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
; Not every Inno Setup brings Chinese along; docs/platforms.md says where it goes.
#if FileExists(CompilerPath + "Languages\ChineseSimplified.isl")
Name: "zh"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"
#endif
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"

[InstallDelete]
; A newer version leaves nothing of the older one behind.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\学点记"; Filename: "{app}\learnsite-window.exe"
Name: "{autodesktop}\学点记"; Filename: "{app}\learnsite-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.lsb\OpenWithProgids"; ValueType: string; ValueName: "learnsite.bundle"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\learnsite.bundle"; ValueType: string; ValueData: "学点记报送文件"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\learnsite.bundle\DefaultIcon"; ValueType: string; ValueData: "{app}\learnsite-window.exe,0"
Root: HKA; Subkey: "Software\Classes\learnsite.bundle\shell\open\command"; ValueType: string; ValueData: """{app}\learnsite-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.lsi\OpenWithProgids"; ValueType: string; ValueName: "learnsite.introduction"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\learnsite.introduction"; ValueType: string; ValueData: "学点记介绍文件"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\learnsite.introduction\DefaultIcon"; ValueType: string; ValueData: "{app}\learnsite-window.exe,0"
Root: HKA; Subkey: "Software\Classes\learnsite.introduction\shell\open\command"; ValueType: string; ValueData: """{app}\learnsite-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.lso\OpenWithProgids"; ValueType: string; ValueName: "learnsite.opening"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\learnsite.opening"; ValueType: string; ValueData: "学点记开通文件"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\learnsite.opening\DefaultIcon"; ValueType: string; ValueData: "{app}\learnsite-window.exe,0"
Root: HKA; Subkey: "Software\Classes\learnsite.opening\shell\open\command"; ValueType: string; ValueData: """{app}\learnsite-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.lsk\OpenWithProgids"; ValueType: string; ValueName: "learnsite.backup"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\learnsite.backup"; ValueType: string; ValueData: "学点记备份"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\learnsite.backup\DefaultIcon"; ValueType: string; ValueData: "{app}\learnsite-window.exe,0"
Root: HKA; Subkey: "Software\Classes\learnsite.backup\shell\open\command"; ValueType: string; ValueData: """{app}\learnsite-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.lsu\OpenWithProgids"; ValueType: string; ValueName: "learnsite.update"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\learnsite.update"; ValueType: string; ValueData: "学点记新版程序"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\learnsite.update\DefaultIcon"; ValueType: string; ValueData: "{app}\learnsite-window.exe,0"
Root: HKA; Subkey: "Software\Classes\learnsite.update\shell\open\command"; ValueType: string; ValueData: """{app}\learnsite-window.exe"" ""%1"""

[Run]
Filename: "{app}\learnsite-window.exe"; Description: "{cm:LaunchProgram,学点记}"; Flags: nowait postinstall skipifsilent
