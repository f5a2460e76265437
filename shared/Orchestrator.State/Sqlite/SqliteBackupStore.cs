using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteBackupStore(SqliteDatabase database) : IBackupStore
{
    public string Kind => string.Create(CultureInfo.InvariantCulture, $"sqlite, schema {SqliteSchema.Version}");

    public async IAsyncEnumerable<(string Name, string Row)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // One read transaction is one moment; what it found is held until it is written out.
        var rows = await database.ReadAsync(
            session =>
            {
                session.Execute("BEGIN");
                try
                {
                    return Tables(session).SelectMany(table => session.Query($"SELECT * FROM {table}", reader =>
                    {
                        var row = new JsonObject();
                        for (var i = 0; i < reader.FieldCount; i++)
                        {
                            row[reader.GetName(i)] = reader.GetValue(i) switch
                            {
                                long number => number,
                                double number => number,
                                string text => text,
                                _ => (JsonNode?)null,
                            };
                        }

                        return (table, row.ToJsonString());
                    })).ToList();
                }
                finally
                {
                    session.Execute("COMMIT");
                }
            },
            cancellation);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => database.ReadAsync(session => session.Scalar("SELECT (SELECT COUNT(*) FROM apps) + (SELECT COUNT(*) FROM tasks)") == 0, cancellation);

    public async Task WriteAllAsync(IAsyncEnumerable<(string Name, string Row)> rows, CancellationToken cancellation)
    {
        // All of it is read before the first is written: a file that is cut off changes nothing.
        var all = await rows.ToListAsync(cancellation);
        await database.WriteAsync(
            session =>
            {
                foreach (var table in Tables(session))
                {
                    session.Execute($"DELETE FROM {table}");
                }

                foreach (var (table, row) in all)
                {
                    var values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(row)!;
                    session.Execute(
                        $"INSERT INTO {table} ({string.Join(", ", values.Keys)}) VALUES ({string.Join(", ", Enumerable.Range(1, values.Count).Select(i => $"${i}"))})",
                        [.. values.Values.Select(ValueOf)]);
                }
            },
            cancellation);
    }

    private static List<string> Tables(SqliteSession session) =>
        [.. session.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", reader => reader.GetString(0))];

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw new FormatException($"the backup has a value of kind {value.ValueKind}; use a whole one"),
    };
}
