using System.Runtime.Versioning;
using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Join;

/// <summary>Who this machine is, kept in its state folder: the id before it asks to join, the rest when it was admitted.</summary>
[SupportedOSPlatform("linux")]
internal sealed record NodeCredentials
{
    private const string IdFile = "node-id";
    private const string File = "node.json";
    private const string CaFile = "broker-ca.pem";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public required string NodeId { get; init; }
    public required string ClusterId { get; init; }
    public NodeRole Role { get; init; }

    /// <summary>With user and password.</summary>
    public required Uri Broker { get; init; }

    /// <summary>The authority's certificate; null without TLS.</summary>
    public string? CaPath { get; init; }

    /// <returns>Null: this machine has not joined.</returns>
    /// <exception cref="FormatException">The file is not what was written.</exception>
    public static NodeCredentials? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        try
        {
            return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<NodeCredentials>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web) : null;
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{path} cannot be read ({exception.Message}); delete it and join again with another token");
        }
    }

    /// <summary>The same at each try, so that a second answer to the same machine changes nothing.</summary>
    public static string NodeIdIn(string folder)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, IdFile);
        if (!System.IO.File.Exists(path))
        {
            Write(path, MassTransit.NewId.NextGuid().ToString("N") + "\n");
        }

        return System.IO.File.ReadAllText(path).Trim();
    }

    /// <param name="folder">Made by <see cref="NodeIdIn"/>.</param>
    /// <param name="answer">It admits.</param>
    /// <param name="broker">Without user.</param>
    /// <param name="caPem">Null without TLS.</param>
    public static void Keep(string folder, AdmitNode answer, Uri broker, string? caPem)
    {
        var caPath = caPem is null ? null : Path.Combine(folder, CaFile);
        if (caPath is not null)
        {
            Write(caPath, caPem + "\n");
        }

        var kept = new NodeCredentials
        {
            NodeId = answer.NodeId,
            ClusterId = answer.ClusterId,
            Role = answer.Role,
            Broker = new UriBuilder(broker) { UserName = Uri.EscapeDataString(answer.User!), Password = Uri.EscapeDataString(answer.Password!) }.Uri,
            CaPath = caPath,
        };
        Write(Path.Combine(folder, File), JsonSerializer.Serialize(kept, Indented) + "\n");
    }

    private static void Write(string path, string text)
    {
        var draft = path + ".new";
        System.IO.File.Delete(draft);
        using (var file = new StreamWriter(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(text);
        }

        System.IO.File.Move(draft, path, overwrite: true);
    }
}
