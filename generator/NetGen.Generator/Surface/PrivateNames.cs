namespace NetGen.Generator.Surface;

/// <summary>
/// What a network's class holds that nobody else may see: one field, and one nested type with everything else. Their names are such as
/// nobody gives, so that layers and the user's own members, whose names are theirs to choose, meet nothing that they cannot know of.
/// </summary>
internal static class PrivateNames
{
    /// <summary>The nested type.</summary>
    public const string Type = "__NetGen";

    /// <summary>The network's field of it.</summary>
    public const string Field = "__netGen";

    /// <summary>What a stub throws, a static member of <see cref="Type"/>.</summary>
    public const string Error = Type + ".Error";
}
