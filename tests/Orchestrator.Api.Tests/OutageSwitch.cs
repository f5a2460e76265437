using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

/// <summary>Stands before every store: when it is on, the store is away.</summary>
internal sealed class OutageSwitch
{
    public bool StoreIsAway { get; set; }

    /// <summary>Tokens are looked up in the store too: with these there a request gets past the door.</summary>
    public bool TokensAreThere { get; set; }

    public void Stand(IServiceCollection services, ApiHost? beside)
    {
        foreach (var store in services.Where(service => service.ServiceType.IsInterface && service.ServiceType.Assembly == typeof(IAppStore).Assembly).ToList())
        {
            services.Remove(store);
            services.AddSingleton(store.ServiceType, provider => Door.Before(
                this, store.ServiceType, beside?.Store(store.ServiceType) ?? ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)));
        }
    }

    private bool IsAway(Type store) => StoreIsAway && !(TokensAreThere && store == typeof(ITokenStore));

#pragma warning disable CA1852 // The proxy derives from it.
    internal class Door : DispatchProxy
    {
        private OutageSwitch _outage = null!;
        private object _store = null!;
        private Type _type = null!;

        public static object Before(OutageSwitch outage, Type type, object store)
        {
            var door = (Door)Create(type, typeof(Door));
            (door._outage, door._store, door._type) = (outage, store, type);
            return door;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _outage.IsAway(_type)
            ? throw new StoreUnavailableException("no store answers", new IOException("the secret reason"))
            : targetMethod!.Invoke(_store, args);
    }
}
