using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

/// <summary>Nodes that do not answer this one, and what that makes of services with tasks there.</summary>
public sealed class PeerTests
{
    private static readonly ServiceEndpoints Web = SomeNetwork.Service("shop", "web", "10.143.0.1", ("n1", "10.128.1.2", true), ("n2", "10.128.2.2", true), ("n3", "10.128.3.2", true));

    [Fact]
    public void APeerThatAnsweredAndMissesTwoQuestions_IsSilent_UntilItAnswers()
    {
        var peers = new PeerAnswers().Round(Answers(("n2", true), ("n3", true))).Round(Answers(("n2", false), ("n3", true)));
        Assert.Empty(peers.Silent);
        peers = peers.Round(Answers(("n2", false), ("n3", true)));
        Assert.Equal(["n2"], peers.Silent);
        Assert.Empty(peers.Round(Answers(("n2", true), ("n3", true))).Silent);
    }

    [Fact]
    public void APeerThatNeverAnswered_IsNotSilent() =>
        Assert.Empty(Enumerable.Range(0, 10).Aggregate(new PeerAnswers(), (peers, _) => peers.Round(Answers(("n2", false)))).Silent);

    [Fact]
    public void APeerThatIsAskedNoMore_IsForgotten()
    {
        var silent = new PeerAnswers().Round(Answers(("n2", true))).Round(Answers(("n2", false))).Round(Answers(("n2", false)));
        Assert.Empty(silent.Round(Answers()).Round(Answers(("n2", false))).Silent);
    }

    [Fact]
    public void TasksOfASilentNode_AreLeftOut_InRulesAndNames()
    {
        Assert.Equal(["10.128.1.2", "10.128.3.2"], Taking("n2"));
        var table = RuleTable.Of(SomeNetwork.Empty with { Services = [Web], Silent = new HashSet<string> { "n2" } });
        Assert.Equal(["0 10.128.1.2", "1 10.128.3.2"], table.Sets["targets_shop-web"].Elements.Select(target => $"{target.Key} {target.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AServiceIsNeverEmptied_ByNodesThatAreSilent()
    {
        Assert.Equal(["10.128.1.2"], Taking("n2", "n3"));
        Assert.Equal(["10.128.1.2", "10.128.2.2", "10.128.3.2"], Taking("n1", "n2", "n3"));
    }

    [Fact]
    public void PeersAreOtherNodesWithTasksThatTakeConnections()
    {
        var memory = new NetworkMemory
        {
            Network = new UpdateNodeNetwork { NodeId = "n1", AsOf = default, Range = "10.128.0.0/12", Vips = "10.143.0.0/16", Nodes = [Node("n1"), Node("n2"), Node("n3"), Node("n4")] },
            Services = new Dictionary<string, ServiceEndpoints> { ["shop-web"] = Web with { Tasks = [Web.Tasks[0], Web.Tasks[1], Web.Tasks[2] with { Takes = false }] } },
        };
        Assert.Equal(["n2"], memory.Peers.Select(peer => peer.NodeId));
        var after = memory with { Silent = ["n2"] };
        Assert.Equal(["web"], after.ChangedSince(memory).Select(service => service.Service));
        Assert.Empty((memory with { Silent = ["n4"] }).ChangedSince(memory));
    }

    private static IEnumerable<string> Taking(params IReadOnlyList<string> silent) => TakingTasks.Of(Web, [], silent.ToHashSet()).Select(task => task.Address);

    private static Dictionary<string, bool> Answers(params IReadOnlyList<(string Node, bool Answers)> peers) => peers.ToDictionary(peer => peer.Node, peer => peer.Answers);

    private static NodeAddress Node(string id) => new() { NodeId = id, Name = id, Address = "192.0.2.1", Subnet = $"10.128.{id[1..]}.0/24" };
}
