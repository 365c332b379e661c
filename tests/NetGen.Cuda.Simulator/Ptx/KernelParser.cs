namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>Reads a kernel: its parameters, bounds, registers, arrays and instructions.</summary>
internal sealed class KernelParser(PtxTokens tokens, PtxModule module, IReadOnlyDictionary<string, PtxArray> arrays)
{
    /// <summary>What a launch can hand over.</summary>
    private const int ParameterLimit = 4096;

    private KernelBuilder _kernel = null!;

    public PtxKernel Read()
    {
        tokens.Expect(".entry");
        var kernel = new PtxKernel(tokens.Name(), module);
        _kernel = new KernelBuilder(kernel, tokens.Source, arrays);
        if (tokens.TakeIf('('))
            ReadParameters(kernel);
        ReadBounds(kernel);
        int line = tokens.Peek.Line;
        tokens.Expect('{');
        ReadBlock();
        _kernel.Finish(line);
        return kernel;
    }

    private void ReadParameters(PtxKernel kernel)
    {
        var parameters = new List<PtxParameter>();
        int end = 0;
        while (!tokens.TakeIf(')'))
        {
            if (parameters.Count > 0)
                tokens.Expect(',');
            tokens.Expect(".param");
            int alignment = tokens.TakeIf(".align") ? tokens.Count() : 1;
            PtxType type = tokens.Type();
            if (tokens.TakeIf(".ptr"))
                ReadPointer(type);
            string name = tokens.Name();
            int bytes = type.Bytes;
            if (tokens.TakeIf('['))
            {
                bytes *= tokens.Count();
                tokens.Expect(']');
            }
            alignment = Math.Max(alignment, type.Bytes);
            int offset = (end + alignment - 1) / alignment * alignment;
            if (parameters.Any(p => p.Name == name))
                throw tokens.Error($"two parameters are called '{name}'");
            parameters.Add(new PtxParameter(name, offset, bytes));
            end = offset + bytes;
        }
        if (end > ParameterLimit)
            throw tokens.Error($"a kernel's parameters have at most {ParameterLimit} bytes, and these {end}");
        kernel.Parameters = parameters;
        kernel.ParameterBytes = end;
    }

    /// <summary>What a pointer points to: a promise to the assembler, which this machine checks at each access.</summary>
    private void ReadPointer(PtxType type)
    {
        if (type.Bytes != 8)
            throw tokens.Error("a pointer has 64 bits");
        if (tokens.Peek.Text is ".global" or ".const" or ".shared" or ".local")
            tokens.Take();
        if (tokens.TakeIf(".align"))
            tokens.Count();
    }

    private void ReadBounds(PtxKernel kernel)
    {
        while (!tokens.Peek.Is('{'))
        {
            switch (tokens.Take().Text)
            {
                case ".maxntid":
                    (int x, int y, int z) = ReadExtents();
                    kernel.MaxThreads = x * y * z;
                    break;
                case ".reqntid":
                    (int X, int Y, int Z) exact = ReadExtents();
                    kernel.RequiredThreads = exact;
                    kernel.MaxThreads = exact.X * exact.Y * exact.Z;
                    break;
                case ".minnctapersm" or ".maxnreg":
                    tokens.Count();
                    break;
                case var other:
                    throw tokens.Error($"'{other}' is no bound of a kernel: .maxntid, .reqntid, .minnctapersm, .maxnreg");
            }
        }
        if (kernel.MaxThreads is < 1 or > 1024)
            throw tokens.Error($"a block has 1 to 1024 threads, not {kernel.MaxThreads}");
    }

    private (int X, int Y, int Z) ReadExtents()
    {
        int x = tokens.Count();
        int y = tokens.TakeIf(',') ? tokens.Count() : 1;
        int z = tokens.TakeIf(',') ? tokens.Count() : 1;
        return (x, y, z);
    }

    /// <summary>Statements up to the brace that closes them; what a block declares is known in it only.</summary>
    private void ReadBlock()
    {
        _kernel.OpenScope();
        while (!tokens.TakeIf('}'))
        {
            PtxToken token = tokens.Peek;
            if (tokens.TakeIf('{'))
                ReadBlock();
            else if (token.Text == ".reg")
                ReadRegisters();
            else if (token.Text == ".shared")
                _kernel.Declare(tokens.ReadArray(isExtern: false), token.Line);
            else if (token.Text == ".pragma")
                SkipPragma();
            else if (token.Text == ".loc")
                SkipLocation();
            else if (token.Kind == PtxTokenKind.Word && tokens.Second.Is(':'))
                ReadLabel();
            else
                ReadInstruction();
        }
        _kernel.CloseScope();
    }

    private void ReadLabel()
    {
        PtxToken token = tokens.Take();
        tokens.Expect(':');
        _kernel.AddLabel(token.Text, token.Line);
    }

    private void ReadRegisters()
    {
        int line = tokens.Take().Line;
        PtxType type = tokens.Type();
        if (type.Bytes == 1)
            throw tokens.Error("registers have at least 16 bits");
        do
        {
            string name = tokens.Name();
            if (tokens.TakeIf('<'))
            {
                int count = tokens.Count();
                tokens.Expect('>');
                for (int i = 0; i < count; i++)
                    _kernel.Declare(name + i, type, line);
            }
            else
            {
                _kernel.Declare(name, type, line);
            }
        }
        while (tokens.TakeIf(','));
        tokens.Expect(';');
    }

    private void SkipPragma()
    {
        tokens.Take();
        if (tokens.Take().Kind != PtxTokenKind.Quoted)
            throw tokens.Error("a pragma's text in quotes is expected");
        tokens.Expect(';');
    }

    private void SkipLocation()
    {
        tokens.Take();
        for (int i = 0; i < 3; i++)
            tokens.Count();
    }

    private void ReadInstruction()
    {
        int line = tokens.Peek.Line;
        NameSyntax? guard = null;
        if (tokens.TakeIf('@'))
        {
            bool isNegated = tokens.TakeIf('!');
            guard = new NameSyntax(tokens.Name(), isNegated);
        }
        if (tokens.Peek.Kind != PtxTokenKind.Word || tokens.Peek.Text.StartsWith('.'))
            throw tokens.Source.Error(tokens.Peek.Line, $"an instruction is expected where {tokens.Peek} stands");
        var opcode = new Opcode(tokens.Take().Text, tokens.Source, line);
        var operands = new List<OperandSyntax>();
        while (!tokens.TakeIf(';'))
        {
            if (operands.Count > 0)
                tokens.Expect(',');
            operands.Add(ReadOperand());
        }
        _kernel.Add(guard, opcode, operands, line);
    }

    private OperandSyntax ReadOperand()
    {
        if (tokens.TakeIf('{'))
        {
            var elements = new List<OperandSyntax>();
            do
            {
                elements.Add(ReadOperand());
            }
            while (tokens.TakeIf(','));
            tokens.Expect('}');
            return new VectorSyntax(elements);
        }
        if (tokens.TakeIf('['))
            return ReadAddress();
        if (tokens.Peek.Kind == PtxTokenKind.Number || tokens.Peek.Is('-'))
            return tokens.Number();
        bool isNegated = tokens.TakeIf('!');
        string name = tokens.Name();
        return !isNegated && tokens.TakeIf('|') ? new PairSyntax(name, tokens.Name()) : new NameSyntax(name, isNegated);
    }

    private AddressSyntax ReadAddress()
    {
        string? name = null;
        long offset = 0;
        if (tokens.Peek.Kind == PtxTokenKind.Number)
            offset = ReadOffset();
        else
        {
            name = tokens.Name();
            if (tokens.TakeIf('+') || tokens.Peek.Is('-'))
                offset = ReadOffset();
        }
        tokens.Expect(']');
        return new AddressSyntax(name, offset);
    }

    private long ReadOffset() => tokens.Number() is IntegerSyntax number
        ? (long)number.Bits
        : throw tokens.Error("an offset is a whole number");
}
