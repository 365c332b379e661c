using NetGen.Generator.Text;

namespace NetGen.Generator.Surface;

/// <summary>
/// Something that stands in a generated class. There is one model of it all: written with documentation and bodies it is the class, with
/// members that throw it is the stub of a network in error, and its names are those that nobody else may have.
/// </summary>
/// <param name="Name">Empty for what has none that could meet another.</param>
internal abstract record SurfaceItem(string Name)
{
    /// <summary>XML documentation, line by line, without the slashes.</summary>
    public IReadOnlyList<string> Documentation { get; init; } = [];

    /// <summary>A generated type without which this cannot be there either; empty for none.</summary>
    public string Needs { get; init; } = "";

    /// <summary>Writes it as it is.</summary>
    public abstract void WriteCode(SourceWriter writer);

    /// <summary>Writes what is left of it in a network in error.</summary>
    public abstract void WriteStub(SourceWriter writer, Stub stub);

    protected void WriteDocumentation(SourceWriter writer)
    {
        foreach (string line in Documentation)
            writer.Line("/// " + line);
    }
}

/// <summary>What stands in the code only: comments, private fields and types.</summary>
/// <param name="Text">Without the line break at its end.</param>
internal sealed record PrivateText(Func<string> Text) : SurfaceItem("")
{
    public override void WriteCode(SourceWriter writer) => writer.Line(Text());

    public override void WriteStub(SourceWriter writer, Stub stub)
    {
    }
}
