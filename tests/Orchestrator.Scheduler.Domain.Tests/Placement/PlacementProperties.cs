using Orchestrator.Contracts;
using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Preemption;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class PlacementProperties
{
    private readonly PlacementPlanner _planner = new(new PlacementOptions());

    [Fact]
    public void Place_Always_ChoosesAsLookingAtEveryNodeForEveryTaskDoes() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 25]).Sample(
            (cluster, group, count) =>
            {
                var expected = new BruteForce(group, cluster, ScoreWeights.Of(group.Strategy!.Value)).Place(count);
                Assert.Equal(expected, _planner.Place(group, count, cluster).NodeIds);
            },
            iter: 2000);

    [Fact]
    public void Place_OnAClusterThatHasChanged_AnswersAsOnANewOne() =>
        Gen.Select(Any.Clusters, Any.Groups.Array[1, 3], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 8]).Array[1, 12]).Sample(
            (cluster, groups, changes) =>
            {
                for (var i = 0; i < changes.Length; i++)
                {
                    var group = groups[i % groups.Length];
                    var placed = _planner.Place(group, 4, cluster);
                    Assert.Equal(_planner.Place(group, 4, Afresh(cluster)).NodeIds, placed.NodeIds);
                    for (var j = 0; j < placed.NodeIds.Count; j++)
                    {
                        cluster.Add(placed.NodeIds[j], $"new-{i}-{j}", group.Claim);
                    }

                    Change(cluster, changes[i].Item1, changes[i].Item2);
                }
            },
            iter: 500);

    [Fact]
    public void Place_Always_KeepsEveryNodeWithinItsCapacity() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 40]).Sample((cluster, group, count) =>
        {
            Add(cluster, group, _planner.Place(group, count, cluster).NodeIds);
            Assert.DoesNotContain(cluster.Nodes, node => node.FreeNanoCpus < 0 || node.FreeMemoryBytes < 0 || node.FreeGeneric("gpu") < 0);
        });

    [Fact]
    public void Place_Always_BreaksNoHardRule() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[1, 20]).Sample((cluster, group, count) =>
        {
            foreach (var nodeId in _planner.Place(group, count, cluster).NodeIds)
            {
                Assert.Empty(NodeFilters.All.Reasons(group, cluster.Find(nodeId)!));
                Assert.False(new BruteForce(group, cluster, ScoreWeights.Mixed).IsBlocked(cluster.Find(nodeId)!));
                Add(cluster, group, [nodeId]);
            }
        });

    [Fact]
    public void Place_WithOneRuleLess_LosesNoNode() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 5]).Sample((cluster, any, which) =>
        {
            // Where a rule goes that is not about places, a hard spread counts places that were out of the question before.
            var group = which is 0 or 1 ? any with { Preferences = [] } : any;
            var less = which switch
            {
                0 => group with { Constraints = [] },
                1 => group with { Tolerations = [new()] },
                2 => group with { MaxReplicasPerNode = null },
                3 => group with { Preferences = [] },
                4 => group with { ServiceAffinities = [] },
                _ => group with { Claim = group.Claim with { Ports = [], Demand = new Demand(0, 0) } },
            };
            Assert.Subset(Open(cluster, less), Open(cluster, group));
        });

    [Fact]
    public void Place_NodesAndTasksInAnyOrder_GivesTheSameAnswer() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 20], Gen.Int).Sample((cluster, group, count, seed) =>
        {
            var shuffled = new Cluster(cluster.Nodes.Select(node => node.Node).OrderBy(node => HashCode.Combine(node.Id, seed)));
            foreach (var node in cluster.Nodes)
            {
                foreach (var (id, claim) in node.Tasks.OrderBy(task => HashCode.Combine(task.Key, seed)))
                {
                    shuffled.Add(node.Node.Id, id, claim);
                }
            }

            var preempting = group with { Preemption = PreemptionMode.Lower };
            var (one, other) = (_planner.Place(preempting, count, cluster), _planner.Place(preempting, count, shuffled));
            Assert.Equal(one.NodeIds, other.NodeIds);
            Assert.Equal(one.Reasons, other.Reasons);
            Assert.Equal(one.Nominations.Select(nomination => nomination.Reason), other.Nominations.Select(nomination => nomination.Reason));
        });

    [Fact]
    public void Place_InTwoSteps_GivesTheSameAsInOne() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 10], Gen.Int[0, 10]).Sample((cluster, group, first, second) =>
        {
            var atOnce = _planner.Place(group, first + second, cluster).NodeIds;
            var begin = _planner.Place(group, first, cluster).NodeIds;
            Add(cluster, group, begin);
            Assert.Equal(atOnce, begin.Concat(_planner.Place(group, second, cluster).NodeIds));
        });

    [Fact]
    public void Place_WhereTasksWait_EachChangeToldMakesOneMoreFit() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[1, 30]).Sample((cluster, group, count) =>
        {
            var result = _planner.Place(group, count, cluster);
            Assert.Equal(result.NodeIds.Count < count, result.Waiting is not null);
            Assert.Equal(result.NodeIds.Count < count, result.Reasons.Count > 0);
            Add(cluster, group, result.NodeIds);
            foreach (var change in result.Waiting?.Changes ?? [])
            {
                var changed = Afresh(cluster);
                if (change.Node is not null)
                {
                    changed.Put(change.Node);
                }

                Assert.Single(new BruteForce(change.Group, changed, ScoreWeights.Of(group.Strategy!.Value)).Place(1));
            }
        });

    [Fact]
    public void Place_Always_NamesTheFirstOfThoseThatRefuse_AndCountsTheOthers() =>
        Gen.Select(Any.Clusters, Any.Groups).Sample(
            (cluster, group) =>
            {
                const int named = 2;
                var brute = new BruteForce(group, cluster, ScoreWeights.Mixed);
                var refusing = brute.After.Nodes.Where(node => NodeFilters.All.Reasons(group, node).Count > 0 || brute.IsBlocked(node)).Select(node => node.Node.Id).ToList();
                var result = new PlacementPlanner(new PlacementOptions { NamedRefusals = named, NamedRefusalsOfWaiting = named }).Place(group, 1, cluster);
                var told = result.Waiting ?? Assert.Single(result.Explanations);
                Assert.Equal(refusing.Take(named), told.Refusals.Select(refusal => refusal.NodeId));
                Assert.Equal(refusing.Count - told.Refusals.Count, told.FurtherRefusals);
            },
            iter: 1000);

    [Fact]
    public void PlaceBatch_Always_KeepsCapacityAndHardRules_AndLeavesTheClusterAsItWas() =>
        Gen.Select(Any.Clusters, Gen.Select(Any.Groups, Gen.Int[0, 6]).Array[0, 5]).Sample((cluster, asked) =>
        {
            var before = cluster.Nodes.Select(node => (node.Node.Id, node.FreeNanoCpus, node.FreeMemoryBytes, node.Tasks.Count)).ToList();
            var batch = asked.Select(pair => new AskingGroup(pair.Item1, pair.Item2)).ToList();
            var results = _planner.PlaceBatch(batch, cluster);
            Assert.Equal(before, cluster.Nodes.Select(node => (node.Node.Id, node.FreeNanoCpus, node.FreeMemoryBytes, node.Tasks.Count)));
            Assert.Equal(results.Select(result => result.NodeIds), _planner.PlaceBatch(batch, Afresh(cluster)).Select(result => result.NodeIds));
            foreach (var (asking, result) in batch.Zip(results))
            {
                Assert.InRange(result.NodeIds.Count, 0, asking.Count);
                Add(cluster, asking.Group, result.NodeIds);
            }

            Assert.DoesNotContain(cluster.Nodes, node => node.FreeNanoCpus < 0 || node.FreeMemoryBytes < 0 || node.FreeGeneric("gpu") < 0);

            // What found no node in the batch finds none after it, unless it may not go before another has come.
            foreach (var (asking, result) in batch.Zip(results).Where(pair => pair.Second.NodeIds.Count < pair.First.Count && pair.First.Group.ServiceAffinities.Count + pair.First.Group.Preferences.Count == 0))
            {
                Assert.Empty(_planner.Place(asking.Group, 1, cluster).NodeIds);
            }
        });

    [Fact]
    public void PlaceBatch_OfOneGroup_IsAsAlone() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[0, 10]).Sample((cluster, group, count) =>
        {
            var (batch, alone) = (Assert.Single(_planner.PlaceBatch([new AskingGroup(group, count)], cluster)), _planner.Place(group, count, cluster));
            Assert.Equal(alone.NodeIds, batch.NodeIds);
            Assert.Equal(alone.Explanations.Count, batch.Explanations.Count);
        });

    [Fact]
    public void Place_Preempting_StopsOnlyLowerOnes_AndNoneInVain() =>
        Gen.Select(Any.Clusters, Any.Groups, Gen.Int[1, 20]).Sample((cluster, ruled, count) =>
        {
            var group = ruled with { Preemption = PreemptionMode.Lower };
            var result = _planner.Place(group, count, cluster);
            Add(cluster, group, result.NodeIds);
            foreach (var (i, nomination) in result.Nominations.Index())
            {
                var before = cluster.Find(nomination.NodeId)!;
                Assert.All(nomination.Victims, id => Assert.True(before.Tasks[id].MayBePreempted && before.Tasks[id].Priority < group.Claim.Priority));
                Assert.All(nomination.Victims, kept => Assert.True(NodeFilters.Capacity.Room(group, before.Without(nomination.Victims.Where(id => id != kept))) <= 0));
                foreach (var victim in nomination.Victims)
                {
                    cluster.Remove(nomination.NodeId, victim);
                }

                Assert.Empty(NodeFilters.All.Reasons(group, cluster.Find(nomination.NodeId)!));
                cluster.Add(nomination.NodeId, $"nominated-{i}", group.Claim);
            }
        });

    private static HashSet<string> Open(Cluster cluster, TaskGroup group)
    {
        var brute = new BruteForce(group, cluster, ScoreWeights.Mixed);
        return [.. brute.After.Nodes.Where(node => NodeFilters.All.Reasons(group, node).Count == 0 && !brute.IsBlocked(node)).Select(node => node.Node.Id)];
    }

    private static void Add(Cluster cluster, TaskGroup group, IEnumerable<string> nodeIds)
    {
        var i = cluster.Nodes.Sum(node => node.Tasks.Count);
        foreach (var id in nodeIds)
        {
            cluster.Add(id, $"added-{i++}", group.Claim);
        }
    }

    private static Cluster Afresh(Cluster cluster)
    {
        var afresh = new Cluster(cluster.Nodes.Select(node => node.Node));
        foreach (var node in cluster.Nodes)
        {
            foreach (var (id, claim) in node.Tasks)
            {
                afresh.Add(node.Node.Id, id, claim);
            }
        }

        return afresh;
    }

    private static void Change(Cluster cluster, int what, int at)
    {
        if (cluster.Nodes.Count == 0)
        {
            return;
        }

        var node = cluster.Nodes[at % cluster.Nodes.Count];
        switch (what)
        {
            case 0:
                cluster.Put(node.Node with { Refuses = node.Node.Refuses is null ? "is drained" : null });
                break;
            case 1:
                cluster.Put(node.Node with { Labels = new Dictionary<string, string> { ["zone"] = "b", ["disk"] = "ssd" } });
                break;
            case 2:
                cluster.Put(node.Node with { Id = $"m{at}", Name = $"host-{at}" });
                break;
            case 3:
                cluster.Forget(node.Node.Id);
                break;
            default:
                foreach (var id in node.Tasks.Keys.Take(what).ToList())
                {
                    cluster.Remove(node.Node.Id, id);
                }

                break;
        }
    }
}
