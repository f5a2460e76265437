using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>Between documents and columns.</summary>
internal static class Columns
{
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    public static T Document<T>(this SqliteDataReader reader, int column) =>
        JsonSerializer.Deserialize<T>(reader.GetString(column), JsonSerializerOptions.Web)!;

    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static object? Ticks(DateTimeOffset? time) => time?.UtcTicks;

    public static DateTimeOffset? Time(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetInt64(column), TimeSpan.Zero);
}
