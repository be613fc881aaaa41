; The installer for Windows, made by packaging/windows/build. It has never been run.
; It installs for one person without an administrator's rights; taking input for programs that run as administrator
; needs the workbench to run so too (docs/platforms.md).

[Setup]
AppId={{7B0C0B0E-6E43-4F0F-9C65-2C2D4B1F5A77}
AppName=GUI agent workbench
AppVersion={#Version}
AppPublisher=gui-agent-workbench
DefaultDirName={autopf}\GUI agent workbench
DefaultGroupName=GUI agent workbench
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/max
SolidCompression=yes
ChangesEnvironment=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=gui-agent-workbench-setup
UninstallDisplayIcon={app}\workbench.exe

[Tasks]
Name: desktopicon; Description: "An icon on the desktop"; Flags: unchecked
Name: path; Description: "workbench-cli in every terminal (PATH)"; Flags: unchecked

[InstallDelete]
; what an older version had and this one has not would be loaded
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\gui-agent-workbench\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\GUI agent workbench"; Filename: "{app}\workbench.exe"
Name: "{autodesktop}\GUI agent workbench"; Filename: "{app}\workbench.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "{code:EnvironmentKey}"; ValueType: expandsz; ValueName: "Path"; \
    ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\workbench.exe"; Description: "Open GUI agent workbench"; Flags: postinstall nowait skipifsilent

[Code]
function EnvironmentKey(Param: String): String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function IsNotOnPath: Boolean;
var
  Known: String;
begin
  if not RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Known) then
    Known := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Known) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Known, Without: String;
begin
  if (Step = usPostUninstall) and RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Known) then
  begin
    Without := ';' + Known + ';';
    if StringChangeEx(Without, ';' + ExpandConstant('{app}') + ';', ';', True) > 0 then
      RegWriteExpandStringValue(HKA, EnvironmentKey(''), 'Path', Copy(Without, 2, Length(Without) - 2));
  end;
end;
