import { ask, once, type ProcessTable } from './process-table';

const powershell = (script: string): string | undefined => ask('powershell.exe', '-NoProfile', '-NonInteractive', '-Command', script);

export const windows: ProcessTable = {
  startedAt: (pid) => powershell(`(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`),
  bootId: once(() => powershell('(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()') ?? 'unknown'),
  pidNamespace: () => 'host',
  programName: (pid) => powershell(`(Get-Process -Id ${pid} -ErrorAction Stop).ProcessName`),
};
