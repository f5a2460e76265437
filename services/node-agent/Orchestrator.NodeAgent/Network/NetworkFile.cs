using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>What the node keeps, in its state folder: for its next start, and for the process that answers names.</summary>
internal static class NetworkFile
{
    private const string Name = "network.json";
    private static readonly JsonSerializerOptions Writing = new(JsonSerializerOptions.Web) { Converters = { new WrittenOnce() } };

    public static string PathIn(string folder) => Path.Combine(folder, Name);

    public static NetworkMemory Read(string? folder)
    {
        try
        {
            return folder is not null && File.Exists(PathIn(folder))
                ? JsonSerializer.Deserialize<NetworkMemory>(File.ReadAllBytes(PathIn(folder)), JsonSerializerOptions.Web) ?? new NetworkMemory()
                : new NetworkMemory();
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // The scheduler tells all of it again.
            return new NetworkMemory();
        }
    }

    /// <summary>Readers see the old or the new, never a part.</summary>
    public static async Task WriteAsync(string? folder, NetworkMemory memory, CancellationToken cancellation)
    {
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var draft = PathIn(folder) + ".new";
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(memory, Writing), cancellation);
        File.Move(draft, PathIn(folder), overwrite: true);
    }

    /// <summary>What is said of a service is written down once, however often it is copied.</summary>
    private sealed class WrittenOnce : JsonConverter<ServiceEndpoints>
    {
        private readonly ConditionalWeakTable<ServiceEndpoints, byte[]> _written = [];

        public override ServiceEndpoints? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<ServiceEndpoints>(ref reader, JsonSerializerOptions.Web);

        public override void Write(Utf8JsonWriter writer, ServiceEndpoints value, JsonSerializerOptions options) =>
            writer.WriteRawValue(_written.GetValue(value, service => JsonSerializer.SerializeToUtf8Bytes(service, JsonSerializerOptions.Web)), skipInputValidation: true);
    }
}
