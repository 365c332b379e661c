namespace NetGen.Generator;

/// <summary>Names of the pipeline's steps, by which tests ask why a step ran.</summary>
internal static class TrackingNames
{
    /// <summary>A network read from its attributes, with its diagnostics.</summary>
    public const string Networks = nameof(Networks);

    /// <summary>A block read by itself, for the diagnostics of blocks that no network uses.</summary>
    public const string Blocks = nameof(Blocks);

    /// <summary>A class with layers that is neither network nor block.</summary>
    public const string Forgotten = nameof(Forgotten);

    /// <summary>The attributes of misspelt names.</summary>
    public const string Misspelt = nameof(Misspelt);

    /// <summary>The equatable value from which source is written.</summary>
    public const string Source = nameof(Source);

    /// <summary>All diagnostics of the compilation, with real source locations.</summary>
    public const string Diagnostics = nameof(Diagnostics);
}
