using System.Reflection;
using System.Text;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

/// <summary>Exchange names: what <see cref="MessageNameAttribute"/> says.</summary>
public sealed class EntityNames : IEntityNameFormatter
{
    private const string Faults = "orchestrator.faults.";

    public string FormatEntityName<T>() => Of(typeof(T));

    /// <exception cref="InvalidOperationException">The type is no message of ours.</exception>
    public static string Of(Type type)
    {
        if (type.GetCustomAttribute<MessageNameAttribute>(inherit: false) is { } attribute)
        {
            return attribute.Name;
        }

        if (type.Namespace?.StartsWith("MassTransit", StringComparison.Ordinal) == true)
        {
            return type.IsGenericType
                ? Faults + Kebab(type.GetGenericArguments()[0].Name)
                : Faults + Kebab(type.Name);
        }

        return type == typeof(OrchestratorEvent)
            ? "orchestrator.events.base" // Never declared: the type is excluded from the topology.
            : throw new InvalidOperationException($"{type.FullName} is published but has no [MessageName]");
    }

    /// <summary><c>DeployApp</c> → <c>deploy-app</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
