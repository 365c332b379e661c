using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The windows of a pooling in emitted code.</summary>
internal static class PoolAxisText
{
    extension(PoolAxis axis)
    {
        /// <summary>The C# expression of the window's first element, which may lie before the input.</summary>
        /// <param name="position">The variable that counts windows.</param>
        public string Start(string position) => Literals.Plus($"{position} * {Literals.Int(axis.Stride)}", -axis.Padding);

        /// <summary>The window's start in memory, to be added to an address; nothing where taps count from the input's start.</summary>
        /// <param name="stride">Floats from one element to the next.</param>
        public string Offset(string position, int stride)
            => axis.IsAdaptive ? ""
                : axis.Padding == 0 ? $" + {position} * {Literals.Int((long)axis.Stride * stride)}"
                : $" + ({axis.Start(position)}) * {Literals.Int(stride)}";

        /// <summary>
        /// The C# expressions of the first and the end tap inside the input; counted from the input's start where windows are adaptive.
        /// </summary>
        public (string First, string End) Range(string position)
        {
            if (axis.IsAdaptive)
            {
                // 32 bits where they suffice for the products.
                string size = Literals.Int(axis.Size), outputs = Literals.Int(axis.Outputs), up = Literals.Int(axis.Outputs - 1);
                return (long)axis.Size * axis.Outputs + axis.Outputs <= int.MaxValue
                    ? ($"{position} * {size} / {outputs}", $"(({position} + 1) * {size} + {up}) / {outputs}")
                    : ($"(int)({position} * {size}L / {outputs})", $"(int)((({position} + 1) * {size}L + {up}) / {outputs})");
            }
            if (axis.IsInterior)
                return ("0", Literals.Int(axis.Kernel));
            string start = axis.Start(position), kernel = Literals.Int(axis.Kernel);
            if (axis.Dilation == 1)
                return ($"Math.Max(0, -({start}))", $"Math.Min({kernel}, {Literals.Int(axis.Size)} - ({start}))");
            // Rounded up: the first tap at or behind the input's start, and the first at or behind its end.
            string dilation = Literals.Int(axis.Dilation);
            return ($"Math.Max(0, ({Literals.Int(axis.Dilation - 1)} - ({start})) / {dilation})",
                $"Math.Min({kernel}, ({Literals.Int(axis.Size - 1)} - ({start})) / {dilation} + 1)");
        }

        /// <summary>The C# expression of the number of taps that an average counts.</summary>
        /// <param name="present">The expression of those inside the input.</param>
        public string Counted(string position, bool countIncludePad, string present)
            => axis.IsInterior ? Literals.Int(axis.Kernel)
                : countIncludePad && !axis.IsAdaptive ? $"Math.Min({Literals.Int(axis.Kernel)}, "
                    + $"{Literals.Int(axis.Size + axis.Padding)} - ({axis.Start(position)}))"
                : present;
    }
}
