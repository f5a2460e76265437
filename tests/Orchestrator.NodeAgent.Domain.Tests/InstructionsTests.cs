using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class InstructionsTests
{
    [Theory]
    [InlineData(null, 1, InstructionAge.Newer)]
    [InlineData(1L, 2, InstructionAge.Newer)]
    [InlineData(2L, 2, InstructionAge.Repeated)]
    [InlineData(3L, 2, InstructionAge.Stale)]
    public void TheVersionTells(long? known, long incoming, InstructionAge age) => Assert.Equal(age, Instructions.AgeOf(known, incoming));
}
