namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// A layer by its settings. Each has one file, which holds all that the tests know of it: its word, its attribute, and for an
/// <see cref="Operation"/> shapes, tensors, arithmetic and errors. Settings have the names that the generator gives them, by which
/// <see cref="Networks.InferenceTests"/> compares the two.
/// </summary>
internal abstract record Layer
{
    /// <summary>What it is called where it has no name, before its number.</summary>
    public abstract string Stem { get; }

    /// <summary>The word's kind, e.g. <c>conv</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The word's options; empty ones are left out.</summary>
    public virtual IEnumerable<string> Options => [];

    /// <summary>Writes arguments and properties of its attribute.</summary>
    /// <returns>The attribute's name.</returns>
    public abstract string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs);
}

/// <summary>What the registry asks a layer's type for.</summary>
internal interface ILayer
{
    /// <summary>The kinds of words that it reads.</summary>
    static abstract IReadOnlyList<string> Kinds { get; }

    /// <param name="input">The shape that arrives.</param>
    static abstract Layer Read(Word word, Shape input);

    /// <summary>How a random network draws it, for the place where it is to stand; null where it does not fit or is not drawn.</summary>
    static virtual FsCheck.Gen<string>? Draw(Networks.Place place) => null;

    /// <summary>Networks picked by hand for the places where its kernels go wrong: they are rows of the table of networks.</summary>
    static virtual IReadOnlyList<string> Rows => [];

    /// <summary>How often it is drawn, beside the others.</summary>
    static virtual int Frequency => 1;
}
