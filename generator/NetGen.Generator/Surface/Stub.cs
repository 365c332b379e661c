namespace NetGen.Generator.Surface;

/// <summary>How the surface of a network in error is written.</summary>
/// <param name="Error">The expression that is thrown.</param>
/// <param name="Omitted">
/// Members of the network that are left out, because the user declares them as well, or means something else by their names.
/// </param>
/// <param name="HasConstructors">The network's constructors can be there.</param>
/// <param name="BaseCall">What they say to call that of the base class; mostly empty.</param>
/// <param name="ImplementsInterface">The network is an <c>INetwork</c> all the same.</param>
internal sealed record Stub(
    string Error,
    IReadOnlyCollection<string> Omitted,
    bool HasConstructors,
    string BaseCall,
    bool ImplementsInterface)
{
    /// <summary>What every body is.</summary>
    public string Throw => "throw " + Error;

    /// <summary>Whether a member of the network itself is left out.</summary>
    public bool Omits(SurfaceItem item) => Lacks(item) || item switch
    {
        SurfaceMember { Interface.Length: > 0 } => !ImplementsInterface,
        SurfaceMember { Kind: MemberKind.Constructor } => !HasConstructors,
        _ => Omitted.Contains(item.Name),
    };

    /// <summary>Whether an item at any place is left out, because a type that it names is.</summary>
    public bool Lacks(SurfaceItem item) => item.Needs.Length > 0 && Omitted.Contains(item.Needs);
}
