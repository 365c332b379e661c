using System.Text;
using NetGen.Generator.Inference;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The table of layers, output shapes, parameters and multiply-adds.</summary>
internal static class Summary
{
    /// <summary>The table as text: columns padded with blanks.</summary>
    public static string Text(InferredNetwork network)
    {
        IReadOnlyList<NetworkFigures.Row> rows = NetworkFigures.Of(network);
        var cells = new List<string[]> { new[] { "name", "layer", "output", "parameters", "multiply-adds" } };
        cells.AddRange(rows.Select(r => new[] { r.Name, r.Layer, r.Output, Number(r.Parameters), Number(r.MultiplyAdds) }));
        cells.Add(["total", "", "", Literals.Count(rows.Sum(r => r.Parameters)), Literals.Count(rows.Sum(r => r.MultiplyAdds))]);
        int[] widths = Enumerable.Range(0, 5).Select(c => cells.Max(row => row[c].Length)).ToArray();
        var text = new StringBuilder();
        for (int i = 0; i < cells.Count; i++)
        {
            if (i == 1 || i == cells.Count - 1)
                text.Append(new string('-', widths.Sum() + 8)).Append('\n');
            string line = string.Join("  ", cells[i].Select((cell, c) => c >= 3 ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])));
            text.Append(line.TrimEnd()).Append('\n');
        }
        return text.ToString();

        static string Number(long count) => count == 0 ? "" : Literals.Count(count);
    }

    /// <summary>The table as rows of an XML documentation list, in which blocks that are repeated stand once.</summary>
    public static IEnumerable<string> Xml(InferredNetwork network)
    {
        IEnumerable<string> items = [.. network.Layers.SelectMany(Items), .. NetworkFigures.OfLoss(network).Select(Item)];
        return items.Select(item => $"<item><description>{XmlText.Escape(item)}</description></item>");
    }

    private static IEnumerable<string> Items(InferredLayer layer)
    {
        IEnumerable<string> inner = LayerRegistry.For(layer.Spec).Repeats(layer.Spec)
            ? Repetitions([.. layer.Members])
            : layer.Members.SelectMany(Items);
        return inner.Prepend(Item(NetworkFigures.Of(layer)));
    }

    private static IEnumerable<string> Repetitions(IReadOnlyList<InferredLayer> blocks)
    {
        for (int first = 0, next; first < blocks.Count; first = next)
        {
            foreach (string item in Items(blocks[first]))
                yield return item;
            IReadOnlyList<NetworkFigures.Row> rows = RowsWithin(blocks[first]);
            next = first + 1;
            while (next < blocks.Count && RowsWithin(blocks[next]).SequenceEqual(rows))
                next++;
            if (next > first + 1)
                yield return $"{blocks[first + 1].Path}{(next > first + 2 ? $" to {blocks[next - 1].Path}" : "")}: the same";
        }
    }

    private static string Item(NetworkFigures.Row row)
    {
        string parameters = row.Parameters == 0 ? "" : $", {Literals.Count(row.Parameters)} parameters";
        string operations = row.MultiplyAdds == 0 ? "" : $", {Literals.Count(row.MultiplyAdds)} multiply-adds";
        return $"{row.Name}: {row.Layer} → {row.Output}{parameters}{operations}";
    }

    /// <summary>The rows of a block, with names that begin within it.</summary>
    private static IReadOnlyList<NetworkFigures.Row> RowsWithin(InferredLayer block)
        => [.. NetworkFigures.Below(block).Select(row => row with { Name = row.Name.Substring(block.Path.Length) })];
}
