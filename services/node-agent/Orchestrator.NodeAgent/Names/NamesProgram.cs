using System.Globalization;
using System.Net;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Network;

namespace Orchestrator.NodeAgent.Names;

/// <summary>
/// <c>names FOLDER</c>: answers names on the bridge's address. A process of its own, which reads what the agent keeps: names are
/// answered while the agent is away.
/// </summary>
internal static class NamesProgram
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string folder)
    {
        var memory = NetworkFile.Read(folder);
        if (memory.Own is not { } own)
        {
            await Console.Error.WriteLineAsync($"names: there is no network in {folder}");
            return 1;
        }

        using var end = new CancellationTokenSource();
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        var server = new NameServer(new NameResolver(memory, Upstreams.Read()), IPAddress.Parse(Ipv4Range.Parse(own.Subnet)!.Value.At(1)), NameServer.Port);
        server.Start(end.Token);
        await File.WriteAllTextAsync(NamesProcess.PidFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        await FollowAsync(folder, own.Subnet, server, end);
        return 0;
    }

    /// <summary>Reads again what has changed, until it is told to end or the subnet is another.</summary>
    private static async Task FollowAsync(string folder, string subnet, NameServer server, CancellationTokenSource end)
    {
        using var watcher = new FileSystemWatcher(folder, Path.GetFileName(NetworkFile.PathIn(folder)));
        using var changed = new SemaphoreSlim(0, 1);
        void Changed()
        {
            if (changed.CurrentCount == 0)
            {
                changed.Release();
            }
        }

        watcher.Renamed += (_, _) => Changed();
        watcher.Changed += (_, _) => Changed();
        watcher.EnableRaisingEvents = true;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await changed.WaitAsync(LookInterval, end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var memory = NetworkFile.Read(folder);
            if (memory.Own is { } own && own.Subnet == subnet)
            {
                server.Resolver = new NameResolver(memory, Upstreams.Read());
            }
            else
            {
                await end.CancelAsync();
            }
        }
    }
}
