using NetGen.Generator.Text;

namespace NetGen.Generator.Surface;

/// <summary>What stands behind the declaration of a member.</summary>
internal abstract record Body
{
    /// <summary>A property that is set in the constructor.</summary>
    public static Body Auto { get; } = new AutoBody();

    /// <summary>An expression; one of several lines goes on indented.</summary>
    public static Body Of(string expression) => new ExpressionBody(expression);

    /// <summary>Statements, in one text or line by line.</summary>
    public static Body Block(params string[] statements) => new BlockBody(string.Join("\n", statements), IsUnchecked: false);

    /// <summary>Statements that compute with addresses or sizes: see <see cref="SourceWriter.UncheckedMethod"/>.</summary>
    public static Body Unchecked(params string[] statements) => new BlockBody(string.Join("\n", statements), IsUnchecked: true);

    /// <param name="declaration">All that stands in front.</param>
    public abstract void Write(SourceWriter writer, string declaration);

    private sealed record AutoBody : Body
    {
        public override void Write(SourceWriter writer, string declaration) => writer.Line(declaration + " { get; }");
    }

    private sealed record ExpressionBody(string Text) : Body
    {
        // A line should be no longer than one can read.
        private const int LongLine = 140;

        public override void Write(SourceWriter writer, string declaration)
        {
            string[] lines = (Text + ";").Split('\n');
            bool isLong = declaration.Length + lines[0].Length > LongLine;
            writer.Line(isLong ? declaration : $"{declaration} => {lines[0]}");
            using (writer.Indent())
            {
                if (isLong)
                    writer.Line("=> " + lines[0]);
                for (int i = 1; i < lines.Length; i++)
                    writer.Line(lines[i]);
            }
        }
    }

    private sealed record BlockBody(string Statements, bool IsUnchecked) : Body
    {
        public override void Write(SourceWriter writer, string declaration)
        {
            using (IsUnchecked ? writer.UncheckedMethod(declaration) : writer.Block(declaration))
            {
                if (Statements.Length > 0)
                    writer.Line(Statements);
            }
        }
    }
}
