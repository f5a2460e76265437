namespace Orchestrator.NodeAgent.Network;

/// <summary>The node's pair of keys. The private one is made on the node, and never leaves it.</summary>
internal sealed class WireGuardKey(string? folder)
{
    private const string Name = "wireguard.key";
    private string? _private;
    private string? _public;

    public static void Remove(string folder) => File.Delete(Path.Combine(folder, Name));

    public async Task<string> PublicAsync(CancellationToken cancellation) =>
        _public ??= (await Tool.RunAsync("wg", ["pubkey"], await PrivateAsync(cancellation), cancellation)).Trim();

    public async Task<string> PrivateAsync(CancellationToken cancellation)
    {
        if (_private is not null)
        {
            return _private;
        }

        var path = Path.Combine(folder ?? throw new NetworkException("the node has no place for its private key; set NodeAgent__StateFolder"), Name);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            var made = await Tool.RunAsync("wg", ["genkey"], null, cancellation);

            // A half-written one would be another key at each start.
            var draft = path + ".new";
            File.Delete(draft);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var writer = new StreamWriter(draft, options))
            {
                await writer.WriteAsync(made.AsMemory(), cancellation);
            }

            File.Move(draft, path);
        }

        return _private = (await File.ReadAllTextAsync(path, cancellation)).Trim();
    }
}
