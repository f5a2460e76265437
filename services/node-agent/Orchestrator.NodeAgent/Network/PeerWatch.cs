using System.Net.NetworkInformation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>
/// Asks the machines that this one sends connections to whether they are there: the cluster takes seconds to find a node lost, and who
/// connects will not wait so long. It is the kernel that answers (ICMP), so an agent that restarts is not missed.
/// </summary>
internal sealed class PeerWatch(ClusterNetwork network, TimeProvider time, ILogger<PeerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>How soon a first peer is asked.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(1);

    /// <summary>With many peers rounds come more seldom: at most 250 questions a second.</summary>
    private static readonly TimeSpan PerPeer = TimeSpan.FromMilliseconds(4);

    private PeerAnswers _answers = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlySet<string> told = new HashSet<string>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var peers = network.Peers;
            var round = peers.Count == 0 ? Alone : Interval > peers.Count * PerPeer ? Interval : peers.Count * PerPeer;
            var next = Task.Delay(round, time, stoppingToken);
            var start = time.GetTimestamp();
            var answered = await Task.WhenAll(peers.Select(peer => AnswersAsync(peer, stoppingToken)));

            // Who stood still himself has heard nobody.
            if (time.GetElapsedTime(start) < 2 * Interval || answered.All(answer => answer))
            {
                _answers = _answers.Round(peers.Zip(answered).ToDictionary(pair => pair.First.NodeId, pair => pair.Second));
            }

            if (_answers.Silent is var silent && !silent.SetEquals(told))
            {
                Log.PeersSilent(logger, string.Join(", ", silent.Order(StringComparer.Ordinal)));
                network.FoundSilent(silent);
                told = silent;
            }

            await next;
        }
    }

    private static async Task<bool> AnswersAsync(NodeAddress peer, CancellationToken cancellation)
    {
        try
        {
            using var ping = new Ping();
            return (await ping.SendPingAsync(peer.Address, Interval, cancellationToken: cancellation)).Status == IPStatus.Success;
        }
        catch (PingException)
        {
            return false;
        }
    }
}
