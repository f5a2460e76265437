using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Looks at the stored nodes on and on: none ever has more set aside than it has.</summary>
internal sealed class CapacityWatch : IAsyncDisposable
{
    public const double Tolerance = 1e-6;
    private const int FewestLooks = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly INodeStore _nodes;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _over = [];
    private readonly Task _run;
    private int _looks;

    public CapacityWatch(INodeStore nodes)
    {
        _nodes = nodes;
        _run = RunAsync();
    }

    public static double Reserved(NodeDocument node) => node.Reservations.Values.Sum(reservation => reservation.Cpus);

    /// <summary>Ends the watch and says what it saw.</summary>
    public async Task NothingOverAsync()
    {
        await _stop.CancelAsync();
        await _run;
        Assert.Empty(_over);
        Assert.True(_looks > FewestLooks, $"only {_looks} stored states were seen");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var nodes = await _nodes.ListAsync(CancellationToken.None);
            _looks++;
            _over.AddRange(nodes.Where(node => Reserved(node) > node.Capacity.Cpus + Tolerance).Select(node => $"{node.Name}: {Reserved(node)} of {node.Capacity.Cpus} CPUs"));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
