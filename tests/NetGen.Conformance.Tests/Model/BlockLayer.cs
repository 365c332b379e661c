namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// A layer that holds others: a word that ends with <c>[</c>, its scopes with <c>|</c> between them, and <c>]</c>. In the graph it is its
/// scopes' layers and what joins their results.
/// </summary>
internal abstract record BlockLayer : Layer
{
    /// <summary>For each scope it may have, the name below which its layers stand; empty for the block's own.</summary>
    public virtual IReadOnlyList<string> ScopeNames => [""];

    /// <summary>What makes one value of several; null where the only one is passed on.</summary>
    public virtual Operation? Join => null;

    /// <summary>What is joined, given what arrives and what the scopes give.</summary>
    public virtual IReadOnlyList<Value> Joined(Value input, IReadOnlyList<Value> results) => results;
}
