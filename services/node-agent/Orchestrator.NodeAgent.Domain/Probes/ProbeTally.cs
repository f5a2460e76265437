using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Probes;

/// <summary>The answers to one probe so far.</summary>
/// <param name="Standing">What they amount to.</param>
/// <param name="InARow">How many of the newest answers say the contrary of <paramref name="Standing"/>, or, while it is open, of the last kind.</param>
/// <param name="LastGood">The last answer.</param>
public sealed record ProbeTally(ProbeStanding Standing = ProbeStanding.Open, int InARow = 0, bool LastGood = false)
{
    public ProbeTally Take(bool good, ProbeSpec probe)
    {
        var row = InARow > 0 && LastGood == good ? InARow + 1 : 1;
        var (threshold, standing) = good ? (probe.SuccessThreshold, ProbeStanding.Passed) : (probe.FailureThreshold, ProbeStanding.Failed);
        return standing == Standing ? new ProbeTally(Standing, 0, good)
            : row >= threshold ? new ProbeTally(standing, 0, good)
            : new ProbeTally(Standing, row, good);
    }
}
