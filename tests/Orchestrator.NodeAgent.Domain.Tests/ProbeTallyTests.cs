using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Probes;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class ProbeTallyTests
{
    [Theory]
    [InlineData("", "Open")]
    [InlineData("+", "Passed")]
    [InlineData("--", "Open")]
    [InlineData("---", "Failed")]
    [InlineData("--+", "Passed")]
    [InlineData("+--", "Passed")]
    [InlineData("+--+--", "Passed")]
    [InlineData("+---", "Failed")]
    [InlineData("+---+", "Passed")]
    public void WithKubernetesDefaults(string answers, string standing) => Assert.Equal(standing, After(answers, new ProbeSpec()).ToString());

    [Theory]
    [InlineData("+", "Open")]
    [InlineData("+-+", "Failed")]
    [InlineData("++", "Passed")]
    [InlineData("++-", "Failed")]
    [InlineData("++-+", "Failed")]
    [InlineData("++-++", "Passed")]
    public void WithThresholds_OfTwoSuccessesAndOneFailure(string answers, string standing) =>
        Assert.Equal(standing, After(answers, new ProbeSpec { SuccessThreshold = 2, FailureThreshold = 1 }).ToString());

    private static ProbeStanding After(string answers, ProbeSpec probe) =>
        answers.Aggregate(new ProbeTally(), (tally, answer) => tally.Take(answer == '+', probe)).Standing;
}
