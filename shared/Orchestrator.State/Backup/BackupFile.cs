using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchestrator.State;

/// <summary>One file: compressed lines of JSON, first the head, then a line per row, last how many there were.</summary>
public static class BackupFile
{
    public const int Version = 1;
    private const string Format = "orchestrator-backup";

    public static async Task WriteAsync(Stream to, BackupHead head, IAsyncEnumerable<(string Name, string Row)> rows, CancellationToken cancellation)
    {
        await using var zip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        await using var writer = new StreamWriter(zip, leaveOpen: true);
        await writer.WriteLineAsync(JsonSerializer.Serialize(head with { Format = Format, Version = Version }, JsonSerializerOptions.Web));
        var count = 0L;
        await foreach (var (name, row) in rows.WithCancellation(cancellation))
        {
            await writer.WriteLineAsync($"{name}\t{row}");
            count++;
        }

        await writer.WriteLineAsync($"end\t{count}");
    }

    /// <exception cref="FormatException">It is no backup, or of a newer version.</exception>
    public static async Task<BackupHead> ReadHeadAsync(StreamReader reader, CancellationToken cancellation)
    {
        BackupHead? head;
        try
        {
            head = JsonSerializer.Deserialize<BackupHead>(await reader.ReadLineAsync(cancellation) ?? "", JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new FormatException("this is no backup of an orchestrator; name a file that 'orch backup create' wrote", exception);
        }

        return head switch
        {
            not { Format: Format } => throw new FormatException("this is no backup of an orchestrator; name a file that 'orch backup create' wrote"),
            { Version: > Version } => throw new FormatException($"the backup has version {head.Version}, and this program reads up to {Version}; use the newer program"),
            _ => head,
        };
    }

    /// <exception cref="FormatException">It is cut off.</exception>
    public static async IAsyncEnumerable<(string Name, string Row)> ReadRowsAsync(StreamReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = 0L;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 1)
            {
                break;
            }

            if (line[..tab] == "end")
            {
                if (line[(tab + 1)..] == FormattableString.Invariant($"{count}"))
                {
                    yield break;
                }

                break;
            }

            count++;
            yield return (line[..tab], line[(tab + 1)..]);
        }

        throw new FormatException($"the backup is cut off after {count} rows; use a whole one: nothing was changed");
    }
}
