using Orchestrator.Contracts;
using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Preemption;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class VictimFinderTests
{
    private const int MaxTriedOut = 8;

    [Fact]
    public void Find_Always_AsTryingOutAllTasksTogetherSays() =>
        Gen.Select(Any.Clusters, Any.Groups).Sample((cluster, ruled) =>
        {
            var group = ruled with { ServiceAffinities = [] };
            foreach (var node in cluster.Nodes.Where(node => node.Tasks.Count <= MaxTriedOut))
            {
                var (best, found) = (TryOut(group, node), VictimFinder.Find(group, node));
                Assert.Equal(best is null, found is null);
                Assert.Equal(best?.HighestPriority, found?.Cost.HighestPriority);
                Assert.True(best is not { Count: <= 2 } || best.Value.Count == found!.Cost.Count);
                Assert.True(found is null || VictimFinder.AtLeast(group, node)!.Value.CompareTo(found.Cost) <= 0);
            }
        });

    [Fact]
    public void Find_ATaskThatTheGroupMustBeWith_IsNoVictim() =>
        Gen.Select(Any.Clusters, Any.Groups).Sample((cluster, ruled) =>
        {
            foreach (var node in cluster.Nodes.Where(node => node.Tasks.Values.Any(claim => claim.Service is not null)))
            {
                var needed = node.Tasks.Values.First(claim => claim.Service is not null).Service!;
                var group = ruled with { ServiceAffinities = [new ServiceAffinity(needed, needed, new NodeAttribute(NodeAttributeKind.Id), 1, Hard: true)] };
                Assert.DoesNotContain(VictimFinder.Find(group, node)?.Tasks ?? [], id => node.Tasks[id].Service == needed);
            }
        });

    [Fact]
    public void Nominate_TheFirst_CostsTheLeast() =>
        Gen.Select(Any.Clusters, Any.Groups).Sample((cluster, ruled) =>
        {
            var group = ruled with { Preemption = PreemptionMode.Lower, Preferences = [], ServiceAffinities = [] };
            if (new PlacementPlanner(new PlacementOptions()).Place(group, 1, cluster).Nominations is [{ } nomination])
            {
                var costs = cluster.Nodes
                    .Where(node => NodeFilters.Standing.Room(group, node) > 0 && NodeFilters.Service.Room(group, node) > 0)
                    .Select(node => (VictimFinder.Find(group, node)?.Cost, node.Node.Id))
                    .Where(pair => pair.Cost is not null)
                    .Order();
                Assert.Equal(costs.First().Id, nomination.NodeId);
            }
        });

    private static VictimCost? TryOut(TaskGroup group, NodeState node)
    {
        var lower = node.Tasks.Where(task => task.Value.MayBePreempted && task.Value.Priority < group.Claim.Priority).ToList();
        return Enumerable.Range(0, 1 << lower.Count)
            .Select(mask => lower.Where((_, i) => (mask >> i & 1) == 1).ToList())
            .Where(tasks => NodeFilters.Capacity.Room(group, node.Without(tasks.Select(task => task.Key))) > 0)
            .Select(tasks => (VictimCost?)Victims.Of(tasks).Cost)
            .Order()
            .FirstOrDefault();
    }
}
