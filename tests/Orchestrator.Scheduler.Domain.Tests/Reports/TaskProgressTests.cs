using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reports;

namespace Orchestrator.Scheduler.Domain.Tests.Reports;

public sealed class TaskProgressTests
{
    [Fact]
    public void Advance_AnySequenceOfReports_NeverGoesBackAndNeverLeavesAnEnd() =>
        Gen.Enum<TaskState>().Array[1, 20].Sample(reports =>
        {
            var state = TaskState.Pending;
            foreach (var report in reports)
            {
                var next = TaskProgress.Advance(state, report);
                Assert.True(next >= state);
                Assert.True(!state.IsFinal() || next == state);
                state = next;
            }
        });

    [Theory]
    [InlineData(1, 5, 1, 4, true)]
    [InlineData(1, 4, 1, 4, false)]
    [InlineData(2, 1, 1, 9, true)]
    [InlineData(1, 9, 2, 1, false)]
    public void IsNewer_ComparesEpochThenNumber(long epoch, long seq, long knownEpoch, long knownSeq, bool newer) =>
        Assert.Equal(newer, TaskProgress.IsNewer((epoch, seq), (knownEpoch, knownSeq)));
}
