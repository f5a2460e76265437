using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Cli.Http;
using Spectre.Console;

namespace Orchestrator.Cli.Output;

/// <summary>Prints the API's JSON as it is, or as a table.</summary>
internal static class Printing
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line and a blank on either side of a cell.</summary>
    private const int BorderPerColumn = 3;

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON" };

    public static Task JsonAsync(this CliContext context, JsonElement json) => context.Out.WriteLineAsync(JsonSerializer.Serialize(json, Indented));

    /// <summary>A table on a terminal that is wide enough for it, columns divided by blanks elsewhere: cells cut into pieces cannot be read or copied.</summary>
    public static async Task TableAsync(this CliContext context, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToList();
        var frame = (BorderPerColumn * columns.Count) + 1;
        if (!context.IsTerminal || widths.Sum() + frame > context.Console().Profile.Width)
        {
            foreach (var row in rows.Prepend(columns))
            {
                await context.Out.WriteLineAsync(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
            }

            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(column)}[/]"));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Markup(Coloured(cell))).ToArray());
        }

        context.Console().Write(table);
    }

    public static string Ago(this CliContext context, string time)
    {
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return "";
        }

        var span = context.Time.GetUtcNow() - at;
        return span.TotalSeconds < 60 ? $"{Math.Max(0, (int)span.TotalSeconds)}s ago"
            : span.TotalMinutes < 60 ? $"{(int)span.TotalMinutes}m ago"
            : span.TotalHours < 48 ? $"{(int)span.TotalHours}h ago"
            : $"{(int)span.TotalDays}d ago";
    }

    public static string Short(string id) => id.Length > 8 ? id[..8] : id;

    public static string Memory(double bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 20):0} MiB");

    /// <summary><c>127.0.0.1:8080->80/tcp</c></summary>
    public static string Ports(JsonElement row) => string.Join(", ", row.Items("ports").Select(port =>
        $"{(port.Text("hostIp") is { Length: > 0 } ip ? (ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:" : ip + ":") : "")}{port.Text("published")}->{port.Text("target")}/{port.Text("protocol").ToLowerInvariant()}"));

    private static string Coloured(string cell) => cell switch
    {
        "Running" or "Completed" or "Ready" or "Healthy" or "yes" => $"[green]{cell}[/]",
        "Failed" or "Rejected" or "Lost" or "Unhealthy" or "Unreachable" or "RolledBack" or "Aborted" => $"[red]{cell}[/]",
        "Pending" or "Assigned" or "Preparing" or "Starting" or "Stopping" or "Progressing" or "Suspect" or "Planned" or "AwaitingPromotion" or "Paused" or "Monitoring" or "RollingBack" => $"[yellow]{cell}[/]",
        _ => Markup.Escape(cell),
    };
}
