using System.ComponentModel;

// The generator compiles this file too, in a namespace of its own: a project may see both assemblies.
#if NETSTANDARD2_0
namespace NetGen.Generator.Shapes;
#else
namespace NetGen.CompilerServices;
#endif

/// <summary>
/// Which inputs an output of a resampling reads along one axis, as PyTorch computes it: one, or two neighbours with weights. For generated
/// code, and for the generator.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ResamplePositions
{
    private readonly bool _isNearest, _alignCorners;
    private readonly float _step;
    private readonly double _scale;

    private ResamplePositions(int size, int outputs, double factor, bool isNearest, bool alignCorners)
    {
        Size = size;
        Outputs = outputs;
        _isNearest = isNearest;
        _alignCorners = alignCorners;
        _step = factor > 0 ? (float)(1 / factor) : (float)size / outputs;
        _scale = alignCorners ? outputs > 1 ? (size - 1.0) / (outputs - 1) : 0 : factor > 0 ? 1 / factor : (double)size / outputs;
    }

    /// <summary>PyTorch's nearest: input floor(i · scale), in single precision as PyTorch computes it.</summary>
    /// <param name="size">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="factor">The factor as declared; 0 where the size was.</param>
    public static ResamplePositions Nearest(int size, int outputs, double factor)
        => new(size, outputs, factor, isNearest: true, alignCorners: false);

    /// <summary>
    /// PyTorch's linear interpolation: at i · (size − 1) / (outputs − 1) where corners are aligned, else at (i + ½) · scale − ½, not below
    /// 0.
    /// </summary>
    /// <param name="size">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="factor">The factor as declared; 0 where the size was.</param>
    /// <param name="alignCorners">The first and last outputs are the first and last inputs.</param>
    public static ResamplePositions Linear(int size, int outputs, double factor, bool alignCorners)
        => new(size, outputs, factor, isNearest: false, alignCorners);

    /// <summary>Number of inputs.</summary>
    public int Size { get; }

    /// <summary>Number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The input that an output reads, or the first of two.</summary>
    /// <param name="output">Index of the output.</param>
    /// <param name="beyond">What the second counts, and the first as much less than 1; 0 where there is none.</param>
    public int First(int output, out double beyond)
    {
        beyond = 0;
        if (_isNearest)
        {
            return Outputs == Size ? output
                : Outputs == 2L * Size ? output / 2
                : (int)Math.Min((long)Math.Floor((float)(output * _step)), Size - 1);
        }
        double position = Outputs == Size ? output : _alignCorners ? output * _scale : Math.Max(0, (output + 0.5) * _scale - 0.5);
        int first = Math.Min((int)position, Size - 1);
        if (first < Size - 1)
            beyond = position - first;
        return first;
    }
}
