using System.Reflection;
using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Contracts.Tests;

/// <summary>Every message type there is, and one instance of each with all properties set.</summary>
internal static class Messages
{
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(IOrchestratorEvent).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsDefined(typeof(MessageNameAttribute), inherit: false))
            .OrderBy(NameOf, StringComparer.Ordinal),
    ];

    public static string NameOf(Type type) => type.GetCustomAttribute<MessageNameAttribute>()!.Name;

    public static object Sample(Type type) => Value(type, type.Name)!;

    private static object? Value(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return "a-" + name.ToLowerInvariant();
        }

        if (type == typeof(DateTimeOffset))
        {
            return Time;
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object>().Last();
        }

        if (type == typeof(JsonElement))
        {
            return JsonSerializer.SerializeToElement(new { ready = true, load = 0.4 });
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(type == typeof(double) ? 1.5 : 7, type, System.Globalization.CultureInfo.InvariantCulture);
        }

        return type.IsGenericType ? Collection(type, name) : Instance(type);
    }

    private static object Collection(Type type, string name)
    {
        var arguments = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(arguments[0], 1);
            list.SetValue(Value(arguments[0], name), 0);
            return list;
        }

        var map = Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        ((System.Collections.IDictionary)map).Add("AKey", Value(arguments[1], name));
        return map;
    }

    private static object Instance(Type type)
    {
        var instance = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
        {
            property.SetValue(instance, Value(property.PropertyType, property.Name));
        }

        return instance;
    }
}
