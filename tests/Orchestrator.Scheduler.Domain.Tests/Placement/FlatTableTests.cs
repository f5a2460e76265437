using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class FlatTableTests
{
    /// <summary>Keys are few, so that they come and go many times and stand in each other's place.</summary>
    [Fact]
    public void WhateverComesAndGoes_ItHoldsWhatADictionaryHolds() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 1000], Gen.Bool).List[0, 300].Sample(steps =>
        {
            var (table, dictionary) = (new FlatTable<int>(), new Dictionary<string, int>());
            foreach (var (number, value, comes) in steps)
            {
                var key = $"key-{number}";
                if (comes)
                {
                    ref var held = ref table.ValueOrNew(key, out var isThere);
                    Assert.Equal(dictionary.ContainsKey(key), isThere);
                    held = dictionary[key] = value;
                }
                else
                {
                    Assert.Equal(dictionary.Remove(key, out var expected), table.Remove(key, out var removed));
                    Assert.Equal(expected, removed);
                }
            }

            Assert.Equal(dictionary.Count, table.Count);
            Assert.Equal(dictionary.OrderBy(pair => pair.Key), table.OrderBy(pair => pair.Key));
            Assert.All(dictionary, pair => Assert.Equal(pair.Value, table[pair.Key]));
        });

    [Fact]
    public void ACopy_ChangesApart()
    {
        var table = new FlatTable<int>();
        table.ValueOrNew("a", out _) = 1;
        var copy = new FlatTable<int>(table);
        copy.ValueOrNew("b", out _) = 2;
        copy.Remove("a", out _);
        Assert.Equal([KeyValuePair.Create("a", 1)], table);
        Assert.Equal([KeyValuePair.Create("b", 2)], copy);
    }
}
