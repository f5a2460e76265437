using System.Collections;
using System.Reflection;

namespace Orchestrator.Scheduler.Tests;

/// <summary>A store that counts what is asked of it and how much it answers.</summary>
public class CountedStore<T> : DispatchProxy
    where T : class
{
    private T _store = null!;
    private StoreCounts _counts = null!;

    public void Count(T store, StoreCounts counts) => (_store, _counts) = (store, counts);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_store, args);
        _counts.Called($"{typeof(T).Name}.{targetMethod.Name}");
        if (answer is Task { IsCompleted: true } task && task.GetType().GetProperty("Result")?.GetValue(task) is IEnumerable list and not string)
        {
            _counts.Answered(list.Cast<object>().Count());
        }

        return answer;
    }
}
