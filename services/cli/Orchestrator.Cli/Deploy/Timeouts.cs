using System.CommandLine;
using System.Globalization;

namespace Orchestrator.Cli.Deploy;

internal static class Timeouts
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    public static Option<string?> Option() => new("--timeout") { Description = "How long to wait, such as 90s or 5m (default 5m)" };

    /// <exception cref="CliException">The text is no duration.</exception>
    public static TimeSpan Read(string? text)
    {
        if (text is null)
        {
            return Default;
        }

        var unit = text.LastOrDefault() switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => 0,
        };
        return unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e6
            ? TimeSpan.FromSeconds(number * unit)
            : throw new CliException(ExitCodes.Usage, $"'{text}' is no duration; write 90s, 5m or 1h");
    }
}
