using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Pressure;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class PressureRulesTests
{
    private static readonly PressureMarks Marks = new(Memory: 200, MemoryHard: 100, DiskPercent: 10);

    [Theory]
    [InlineData(200, 10, false, false)]
    [InlineData(199, 10, true, false)]
    [InlineData(200, 9.9, false, true)]
    [InlineData(50, 1, true, true)]
    public void ShortOf(long memory, double disk, bool shortOfMemory, bool shortOfDisk)
    {
        var found = PressureRules.Of(Marks, memory, disk, null, []) ?? new NodePressure();
        Assert.Equal((shortOfMemory, shortOfDisk), (found.Memory, found.Disk));
    }

    [Fact]
    public void WhatIsNotKnown_OrNotLookedAt_IsNoPressure()
    {
        Assert.Null(PressureRules.Of(Marks, null, null, null, []));
        Assert.Null(PressureRules.Of(new PressureMarks(0, 0, 0), 1, 0, null, []));
    }

    [Fact]
    public void OnceShort_ItIsSoUntilThereIsAFifthMore()
    {
        var before = new NodePressure { Memory = true, Disk = true };
        Assert.Equal(before, PressureRules.Of(Marks, 239, 11.9, before, []));
        Assert.Null(PressureRules.Of(Marks, 240, 12, before, []));
    }

    [Fact]
    public void BelowTheHardMark_TheLeastImportantBeyondItsReservation_IsToLeave()
    {
        TaskMemory[] tasks = [new("within", 1, 50, 50), new("low", 10, 60, 50), new("lowest and more", 10, 90, 50), new("high", 90, 900, 50)];
        Assert.Equal("lowest and more", PressureRules.Of(Marks, 99, 50, null, tasks)!.Leaving);
        Assert.Null(PressureRules.Of(Marks, 100, 50, null, tasks)!.Leaving);
        Assert.Null(PressureRules.Of(Marks, 99, 50, null, tasks[..1])!.Leaving);
    }
}
