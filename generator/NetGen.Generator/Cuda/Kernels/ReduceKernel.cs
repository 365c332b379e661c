using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>One element of many, along the dimensions where the output has extent 1 and the input more: a team for each.</summary>
internal sealed class ReduceKernel
{
    private readonly int[] _input, _output;

    /// <summary>How far the elements of a sum go along each dimension, and how far apart they are; the innermost last.</summary>
    private readonly List<(int Extent, int Stride)> _reduced = [];

    /// <param name="input">Dimensions of a sample.</param>
    /// <param name="output">As many.</param>
    public ReduceKernel(IReadOnlyList<int> input, IReadOnlyList<int> output)
    {
        (_input, _output) = ([.. input], [.. output]);
        int stride = 1;
        for (int i = _input.Length - 1; i >= 0; i--)
        {
            if (_output[i] != _input[i])
            {
                // Dimensions that lie behind one another are one.
                if (_reduced.Count > 0 && _reduced[0].Extent * _reduced[0].Stride == stride)
                    _reduced[0] = (_reduced[0].Extent * _input[i], _reduced[0].Stride);
                else
                    _reduced.Insert(0, (_input[i], stride));
            }
            stride *= _input[i];
        }
    }

    /// <summary>Elements of a sum.</summary>
    public int Count => _reduced.Aggregate(1, (product, dimension) => product * dimension.Extent);

    public RowTeam Team => RowTeam.For(Count);

    /// <param name="correction">By how much the divisor of a variance is smaller than the number of elements.</param>
    /// <remarks>Its parameters are the input, the output, and how many elements that has.</remarks>
    public string Write(string name, string summary, ReduceFunction function, int correction)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong input = writer.Pointer("input"), output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = First(writer, work.Row), count = PtxWriter.Number(Count);
        PtxFloat X(PtxInt place) => writer.Element(input, Place(writer, first, place), "x");
        PtxFloat Size() => PtxWriter.Number((float)Count);
        PtxFloat result = function switch
        {
            ReduceFunction.Amax => work.Extreme(count, float.NegativeInfinity, (a, b) => writer.MaximumOrNaN(a, b, "larger"), X),
            ReduceFunction.Amin => work.Extreme(count, float.PositiveInfinity, (a, b) => writer.MinimumOrNaN(a, b, "smaller"), X),
            _ => work.Sum(count, Count, X),
        };
        if (function is ReduceFunction.Mean or ReduceFunction.Var)
            result = writer.Divide(result, Size(), "mean");
        if (function == ReduceFunction.Var)
        {
            PtxFloat[] sums = work.Sums(count, Count, 2, place =>
            {
                PtxFloat difference = writer.Subtract(X(place), result, "difference");
                return [difference, writer.Multiply(difference, difference, "square")];
            });
            // What rounding has left of the mean is taken off again.
            PtxFloat left = writer.Divide(writer.Multiply(sums[0], sums[0], "squareOfSum"), Size(), "left");
            result = writer.Divide(writer.Subtract(sums[1], left, "squares"), PtxWriter.Number((float)(Count - correction)), "variance");
        }
        work.IfFirst(() => writer.Store(writer.ElementAddress(output, work.Row, "to"), result));
        return writer.Render();
    }

    /// <summary>Sums of what an element-wise op gives, whose inputs are repeated where they have extent 1.</summary>
    /// <param name="shapes">Dimensions of the inputs.</param>
    /// <remarks>Its parameters are the inputs, the output, and how many elements that has.</remarks>
    public string WriteSum(string name, string summary, IElementwise op, IReadOnlyList<IReadOnlyList<int>> shapes)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong[] inputs = [.. shapes.Select((_, i) => writer.Pointer($"input{i}"))];
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = First(writer, work.Row);
        PtxFloat result = work.Sum(PtxWriter.Number(Count), Count, element =>
        {
            var place = new ElementPlace(writer, Place(writer, first, element), _input);
            PtxFloat[] values = [.. shapes.Select((shape, i) => writer.Element(inputs[i], place.In(shape), "x"))];
            return new PtxCode(writer).Apply(op.Apply, values, "term");
        });
        work.IfFirst(() => writer.Store(writer.ElementAddress(output, work.Row, "to"), result));
        return writer.Render();
    }

    /// <summary>Vectors divided by their norms, which count as a least number.</summary>
    /// <remarks>Its parameters are the input, the output, and how many vectors there are.</remarks>
    public string WriteNormalize(string name, string summary, float eps)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong input = writer.Pointer("input"), output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = First(writer, work.Row), count = PtxWriter.Number(Count);
        PtxFloat squares = work.Sum(count, Count, place =>
        {
            PtxFloat x = writer.Element(input, Place(writer, first, place), "x");
            return writer.Multiply(x, x, "square");
        });
        PtxFloat norm = writer.MaximumOrNaN(writer.SquareRoot(squares, "root"), PtxWriter.Number(eps), "norm");
        work.ForEach(count, place =>
        {
            PtxInt at = Place(writer, first, place);
            writer.Store(writer.ElementAddress(output, at, "to"), writer.Divide(writer.Element(input, at, "x"), norm, "y"));
        });
        return writer.Render();
    }

    /// <summary>
    /// The gradient of the input of <see cref="Write"/>, for all but sums and means, whose teams each take an output's elements.
    /// </summary>
    /// <remarks>
    /// Its parameters are the output's gradient, the input, for the largest or smallest also the output, the result, and how many elements
    /// the output has.
    /// </remarks>
    public string WriteGradient(string name, string summary, ReduceFunction function, int correction)
    {
        bool isExtreme = function is ReduceFunction.Amax or ReduceFunction.Amin;
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), input = writer.Pointer("input");
        PtxLong? extremes = isExtreme ? writer.Pointer("extremes") : null;
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = First(writer, work.Row), count = PtxWriter.Number(Count);
        PtxFloat dy = writer.Element(gradient, work.Row, "dy"), zero = PtxWriter.Number(0f);
        PtxFloat X(PtxInt place) => writer.Element(input, Place(writer, first, place), "x");
        if (extremes is not null)
        {
            PtxFloat extreme = writer.Element(extremes, work.Row, "extreme");
            PtxFloat equals = work.Sum(count, Count, place => writer.Select(
                writer.Compare("eq", X(place), extreme, "isExtreme"), PtxWriter.Number(1f), zero, "one"));
            PtxFloat share = writer.Divide(dy, equals, "share");
            work.ForEach(count, place =>
            {
                PtxInt at = Place(writer, first, place);
                PtxPredicate isExtreme = writer.Compare("eq", writer.Element(input, at, "x"), extreme, "isExtreme");
                writer.Store(writer.ElementAddress(output, at, "to"), writer.Select(isExtreme, share, zero, "dx"));
            });
            return writer.Render();
        }
        PtxFloat mean = writer.Divide(work.Sum(count, Count, X), PtxWriter.Number((float)Count), "mean");
        PtxFloat factor = writer.Multiply(dy, PtxWriter.Number((float)(2.0 / (Count - correction))), "factor");
        work.ForEach(count, place =>
        {
            PtxInt at = Place(writer, first, place);
            PtxFloat difference = writer.Subtract(writer.Element(input, at, "x"), mean, "difference");
            writer.Store(writer.ElementAddress(output, at, "to"), writer.Multiply(factor, difference, "dx"));
        });
        return writer.Render();
    }

    /// <summary>The gradient of <see cref="WriteNormalize"/>: (dy − y (y · dy)) / ‖x‖, or dy / eps where the norm counts as that.</summary>
    /// <remarks>Its parameters are the output's gradient, the input, the result, and how many vectors there are.</remarks>
    public string WriteNormalizeGradient(string name, string summary, float eps)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), input = writer.Pointer("input"), output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = First(writer, work.Row), count = PtxWriter.Number(Count);
        PtxFloat[] sums = work.Sums(count, Count, 2, place =>
        {
            PtxInt at = Place(writer, first, place);
            PtxFloat x = writer.Element(input, at, "x");
            return [writer.Multiply(x, x, "square"), writer.Multiply(x, writer.Element(gradient, at, "dy"), "product")];
        });
        PtxFloat root = writer.SquareRoot(sums[0], "root"), norm = writer.MaximumOrNaN(root, PtxWriter.Number(eps), "norm");
        PtxFloat share = writer.Divide(writer.Divide(sums[1], norm, "share"), norm, "share");
        // Where the norm counts as a constant, nothing flows through it.
        share = writer.Select(writer.Compare("gt", root, PtxWriter.Number(eps), "isNorm"), share, PtxWriter.Number(0f), "share");
        work.ForEach(count, place =>
        {
            PtxInt at = Place(writer, first, place);
            PtxFloat along = writer.Divide(writer.Multiply(writer.Element(input, at, "x"), share, "along"), norm, "along");
            PtxFloat dy = writer.Divide(writer.Element(gradient, at, "dy"), norm, "across");
            writer.Store(writer.ElementAddress(output, at, "to"), writer.Subtract(dy, along, "dx"));
        });
        return writer.Render();
    }

    /// <summary>The number of the first element of a sum.</summary>
    private PtxInt First(PtxWriter writer, PtxInt row)
    {
        var place = new ElementPlace(writer, row, _output);
        PtxInt index = place.Sample;
        for (int i = 0; i < _input.Length; i++)
        {
            if (_input[i] == 1)
                continue;
            index = _output[i] == _input[i] ? writer.MultiplyAdd(index, PtxWriter.Number(_input[i]), place[i], "first")
                : writer.Multiply(index, PtxWriter.Number(_input[i]), "first");
        }
        return index;
    }

    private PtxInt Place(PtxWriter writer, PtxInt first, PtxInt element)
    {
        PtxInt rest = element, place = first;
        for (int i = _reduced.Count - 1; i >= 0; i--)
        {
            PtxInt along = rest;
            if (i > 0)
                (rest, along) = writer.Divide(rest, _reduced[i].Extent, "rest", "along");
            place = writer.MultiplyAdd(along, PtxWriter.Number(_reduced[i].Stride), place, "at");
        }
        return place;
    }
}
