using System.Text.Json;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>What the node keeps, in its state folder: for its next start, and for the process that answers names.</summary>
internal static class NetworkFile
{
    private const string Name = "network.json";

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
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(memory, JsonSerializerOptions.Web), cancellation);
        File.Move(draft, PathIn(folder), overwrite: true);
    }
}
