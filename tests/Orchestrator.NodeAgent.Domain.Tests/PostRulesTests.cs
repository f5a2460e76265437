using System.Text;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Posts;
using Orchestrator.NodeAgent.Domain.Probes;

namespace Orchestrator.NodeAgent.Domain.Tests;

/// <summary>What applications post of themselves.</summary>
public sealed class PostRulesTests
{
    private static readonly PostedProbeSpec Posted = new();

    [Theory]
    [InlineData("""{"ready": true}""", true, null, null, null)]
    [InlineData("""{"live":false,"message":"out of threads","load":0.25,"ready":false}""", false, false, 0.25, "out of threads")]
    [InlineData("{}", null, null, null, null)]
    [InlineData("""{"load": 7}""", null, null, 7.0, null)]
    public void APost_IsRead(string body, bool? ready, bool? live, double? load, string? message)
    {
        var (post, faults) = Read(body);
        Assert.Empty(faults);
        Assert.Equal(new HealthPost { Ready = ready, Live = live, Load = load, Message = message }, post);
    }

    [Theory]
    [InlineData("", "the body cannot be read; write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("ready=true", "the body cannot be read; write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("""{"ready": true, "ready": false}""", "the body cannot be read; write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("[true]", "write a JSON object such as {\"ready\": true, \"load\": 0.4}")]
    [InlineData("""{"ready": "yes", "live": 1}""", "ready: write true or false|live: write true or false")]
    [InlineData("""{"load": -1}""", "load: write a number, 0 or more")]
    [InlineData("""{"load": 1e999}""", "load: write a number, 0 or more")]
    [InlineData("""{"message": "two\nlines"}""", "message: write one line of at most 200 characters")]
    [InlineData("""{"redy": true, "a\nb": 1}""", "redy: there is no such member; write ready, live, load or message|a member: there is no such member; write ready, live, load or message")]
    public void AllThatIsWrongWithAPost_IsToldAtOnce(string body, string faults) => Assert.Equal(faults, string.Join('|', Read(body).Faults));

    [Fact]
    public void AMessageThatIsTooLong_IsRefused() => Assert.NotEmpty(Read($$"""{"message":"{{new string('x', 201)}}"}""").Faults);

    [Theory]
    [InlineData(false, false, false, "ready, live")]
    [InlineData(true, false, false, "live")]
    [InlineData(false, true, false, "live")]
    [InlineData(false, false, true, "ready")]
    [InlineData(true, false, true, "")]
    public void WhatTheServiceDoesNotAskFor_IsRefused(bool startup, bool readiness, bool liveness, string refused)
    {
        ProbeSpec? Of(bool posted) => new() { Posted = posted ? Posted : null, Tcp = posted ? null : new TcpProbeSpec { Port = 1 } };
        var faults = HealthPosts.Unasked(new HealthPost { Ready = true, Live = true, Load = 1 }, new ProbesSpec { Startup = Of(startup), Readiness = Of(readiness), Liveness = Of(liveness) });
        Assert.Equal(refused, string.Join(", ", faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)])));
    }

    [Fact]
    public void WhatAPostLeavesOut_StaysAsItWas()
    {
        var said = new PostedHealth()
            .Take(new HealthPost { Ready = false, Message = "warming up" }, At(1)).Take(new HealthPost { Load = 3 }, At(2)).Take(new HealthPost(), At(3));
        Assert.Equal(new PostedHealth { Ready = false, Message = "warming up", HeardAt = At(3), Load = 3, LoadAt = At(2) }, said);
        Assert.Null(said.Take(new HealthPost { Ready = true }, At(4)).Message);
    }

    /// <summary>Each step is a second: what is posted in it, a dot for nothing. Silence may last 3 s.</summary>
    [Theory]
    [InlineData(ProbeRole.Readiness, "...", "ooo")]
    [InlineData(ProbeRole.Readiness, "....", "ooof")]
    [InlineData(ProbeRole.Readiness, "r..r", "pppp")]
    [InlineData(ProbeRole.Readiness, "rn.r", "pffp")]
    [InlineData(ProbeRole.Readiness, "r...r", "pppfp")]
    [InlineData(ProbeRole.Readiness, "rllllll", "ppppppp")]
    [InlineData(ProbeRole.Readiness, "llll", "oooo")]
    [InlineData(ProbeRole.Startup, "...", "ooo")]
    [InlineData(ProbeRole.Startup, "nnnn", "ooof")]
    [InlineData(ProbeRole.Startup, "n.r....", "oopppp")]
    [InlineData(ProbeRole.Liveness, "....", "ooof")]
    [InlineData(ProbeRole.Liveness, "l..n..l", "ooooooo")]
    [InlineData(ProbeRole.Liveness, "l...", "ooof")]
    [InlineData(ProbeRole.Liveness, "ld", "of")]
    public void TheWordCountsAtOnce_AndSilenceWhenItIsTooLong(ProbeRole role, string posts, string standings)
    {
        var probe = new PostedProbe(role, At(3), At(0));
        var said = new PostedHealth();
        var found = new StringBuilder();
        for (var second = 0; second < standings.Length; second++)
        {
            said = posts[second] switch
            {
                'r' => said.Take(new HealthPost { Ready = true }, At(second)),
                'n' => said.Take(new HealthPost { Ready = false }, At(second)),
                'd' => said.Take(new HealthPost { Live = false }, At(second)),
                'l' => said.Take(new HealthPost { Load = 1 }, At(second)),
                _ => said,
            };
            found.Append(probe.Judge(said, At(second)).Standing.ToString().ToLowerInvariant()[0]);
        }

        Assert.Equal(standings, found.ToString());
    }

    [Fact]
    public void AResult_SaysWhy()
    {
        var said = new PostedHealth().Take(new HealthPost { Ready = false, Live = false, Message = "no disk" }, At(1));
        Assert.Equal("it posted ready: false (no disk)", new PostedProbe(ProbeRole.Readiness, At(3), At(0)).Judge(said, At(1)).Text);
        Assert.Equal("it posted live: false (no disk)", new PostedProbe(ProbeRole.Liveness, At(3), At(0)).Judge(said, At(1)).Text);
        Assert.Equal("it has posted nothing for 3 s", new PostedProbe(ProbeRole.Readiness, At(3), At(0)).Judge(new PostedHealth(), At(3)).Text);
        Assert.Equal("it has posted no ready: true for 3 s", new PostedProbe(ProbeRole.Startup, At(3), At(0)).Judge(said, At(3)).Text);
    }

    [Fact]
    public void AResult_SaysHowLongItHoldsWithoutAPost()
    {
        var said = new PostedHealth().Take(new HealthPost { Ready = true }, At(10));
        Assert.Equal(At(2), new PostedProbe(ProbeRole.Readiness, At(3), At(0)).Judge(said, At(11)).Wait);
        Assert.Null(new PostedProbe(ProbeRole.Readiness, At(3), At(0)).Judge(said, At(14)).Wait);
    }

    /// <summary>The agent's own outage is no silence of the application.</summary>
    [Fact]
    public void AnAgentThatStoodStill_HearsForAsLongAgain()
    {
        var probe = new PostedProbe(ProbeRole.Liveness, At(3), At(0));
        Assert.Equal(ProbeStanding.Failed, probe.Woken(At(3), At(3.1)).Judge(new PostedHealth(), At(3.1)).Standing);
        Assert.Equal((ProbeStanding.Open, At(3)), probe.Woken(At(3), At(60)).Judge(new PostedHealth(), At(60)) is var found ? (found.Standing, found.Wait!.Value) : default);
    }

    [Fact]
    public void TenPostsInASecond_AreTaken()
    {
        PostBudget? budget = default(PostBudget);
        for (var post = 0; post < PostBudget.PerSecond; post++)
        {
            budget = budget?.Take(At(0.5));
        }

        Assert.NotNull(budget);
        Assert.Null(budget.Value.Take(At(0.9)));
        Assert.NotNull(budget.Value.Take(At(1.6)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static (HealthPost Post, IReadOnlyList<string> Faults) Read(string body) => HealthPosts.Read(Encoding.UTF8.GetBytes(body));
}
