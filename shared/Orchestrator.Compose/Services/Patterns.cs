using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Services;

/// <summary>What the engine and the kernel take; better refused here, with a line, than by a node later.</summary>
internal static partial class Patterns
{
    private const int MaxHostname = 64;

    public static bool IsImage(string text) => Image().IsMatch(text);

    public static bool IsHostname(string text) => text.Length <= MaxHostname && Hostname().IsMatch(text);

    /// <summary>A name with or without SIG, or a number.</summary>
    public static bool IsSignal(string text) => Signal().IsMatch(text);

    [GeneratedRegex(
        @"^((localhost|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+:\d{1,5}|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/)?"
        + @"[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,})?\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Image();

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Hostname();

    [GeneratedRegex(
        @"^([1-9]|[1-5]\d|6[0-4]|(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|IOT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS|RTMIN(\+\d{1,2})?|RTMAX(-\d{1,2})?))\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Signal();
}
