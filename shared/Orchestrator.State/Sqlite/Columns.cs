using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>Between documents and columns.</summary>
internal static class Columns
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What is null is left out: that is most of a document.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Document<T>(this SqliteDataReader reader, int column) =>
        JsonSerializer.Deserialize<T>(reader.GetString(column), Options)!;

    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static object? Ticks(DateTimeOffset? time) => time?.UtcTicks;

    public static DateTimeOffset? Time(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetInt64(column), TimeSpan.Zero);
}
