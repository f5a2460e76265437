namespace Orchestrator.Cli;

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int TimedOut = 4;
    public const int RolledBack = 5;
}
