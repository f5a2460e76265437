using System.Diagnostics;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>One trace leads from the HTTP request to the container's start.</summary>
public sealed class TraceScenarios
{
    private const string Request = "POST /api/v1/deploy";

    [Fact]
    public async Task OnASingleNode_OneTraceLeadsFromTheRequestToTheContainersStart()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        await using var sink = new TraceSink();
        await using var node = await SingleNode.StartAsync(options: Options(sink));
        var path = await DeployAsync(node, sink);
        Assert.All(path, span => Assert.Equal("single-node", span.Service));
        Assert.DoesNotContain(sink.Spans, span => span.Name.Contains("eartbeat", StringComparison.Ordinal) || span.Name.Contains("cho", StringComparison.Ordinal));
    }

    /// <summary>The spans of all services, each a process of its own.</summary>
    [Fact]
    [Trait("Lane", "faults")]
    public async Task InACluster_TheTraceLeadsThroughEveryService_AndEachShowsItsMetrics()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await using var broker = await Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Broker.Missing);
        await using var mongo = Mongo.TryCreate();
        Assert.SkipUnless(mongo is not null, Mongo.Missing);
        await Engine.ImageAsync(1);
        await using var sink = new TraceSink();
        await using var cluster = await Cluster.StartAsync(broker.AmqpUri, mongo.Uri, new ClusterShape { Options = Options(sink) });
        var path = await DeployAsync(cluster, sink);
        Assert.Equal(["node-agent", "scheduler", "api"], path.Select(span => span.Service).Distinct());
        Assert.Contains(path, span => span.Name == "orchestrator.commands.deploy-app send");
        Assert.DoesNotContain(sink.Spans, span => span.Name.Contains("heartbeat", StringComparison.Ordinal) || span.Name.Contains("monitor-echo", StringComparison.Ordinal));
        await MetricScenarios.EachServiceShowsItsPartAsync(cluster);
    }

    /// <returns>The spans from the container's start up to the request.</returns>
    private static async Task<IReadOnlyList<TraceSink.Span>> DeployAsync(IInstallation installation, TraceSink sink)
    {
        // A node that has just joined is looked at for reasons of its own, and what starts then is nobody's request.
        await installation.Api.DeployAsync("before", Compose.Shell(Compose.Forever));
        await installation.Api.RunningAsync("before", "job", 1);
        await installation.Api.RemoveAsync("before");
        await installation.Api.GoneAsync("before");

        // What a caller does that has a trace of its own.
        using var caller = new Activity("deploy") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        using (caller.Start())
        {
            await installation.Api.DeployAsync("traced", Compose.Shell(Compose.Forever));
        }

        await installation.Api.RunningAsync("traced", "job", 1);
        var trace = caller.TraceId.ToHexString();
        await Until.IsAsync(
            () => Task.FromResult(NamesTo(sink, trace)),
            names => names.EndsWith(Request, StringComparison.Ordinal),
            "the trace leads to the container's start");
        var path = PathTo(sink, trace, "container-start");
        Assert.NotEmpty(path[^1].Parent);
        Assert.Contains(PathTo(sink, trace, "container-create"), span => span.Name == Request);
        Assert.Contains(path, span => span.Name == "orchestrator.scheduler.deploy-app process");
        Assert.Contains(path, span => span.Name == "orchestrator.scheduler.service-changed process");
        Assert.Contains(path, span => span.Name.StartsWith("orchestrator.node.", StringComparison.Ordinal) && span.Name.EndsWith(" process", StringComparison.Ordinal));
        return path;
    }

    /// <summary>What a message is late for is looked at without one after a while, and then belongs to no request: that while is long here.</summary>
    private static Dictionary<string, string> Options(TraceSink sink) => new(sink.Options) { ["Scheduler__SweepAge"] = "00:00:20" };

    private static string NamesTo(TraceSink sink, string trace) => string.Join(" < ", PathTo(sink, trace, "container-start").Select(span => span.Name));

    private static List<TraceSink.Span> PathTo(TraceSink sink, string trace, string name)
    {
        var spans = sink.Spans.Where(span => span.Trace == trace).DistinctBy(span => span.Id).ToDictionary(span => span.Id);
        var path = new List<TraceSink.Span>();
        for (var span = spans.Values.FirstOrDefault(span => span.Name == name); span is not null; span = spans.GetValueOrDefault(span.Parent))
        {
            path.Add(span);
        }

        return path;
    }
}
