using System.Globalization;

namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>Reads a module's declarations; <see cref="KernelParser"/> reads bodies.</summary>
internal sealed class PtxParser(string text)
{
    /// <summary>What constant memory holds.</summary>
    private const int ConstantLimit = 65536;

    private readonly PtxTokens _tokens = new(new PtxText(text));
    private readonly PtxModule _module = new();
    private readonly List<byte> _constants = [];

    /// <summary>Arrays outside of kernels.</summary>
    private readonly Dictionary<string, PtxArray> _arrays = [];

    public PtxModule ReadModule()
    {
        ReadHead();
        while (!_tokens.IsAtEnd)
        {
            PtxToken token = _tokens.Peek;
            string linkage = token.Text is ".visible" or ".extern" or ".weak" or ".common" ? _tokens.Take().Text : "";
            switch (_tokens.Peek.Text)
            {
                case ".entry" when linkage is "" or ".visible":
                    ReadKernel();
                    break;
                case ".const" when linkage is "" or ".visible":
                    ReadConstants();
                    break;
                case ".shared" when linkage is "" or ".extern" or ".visible":
                    Declare(_tokens.ReadArray(isExtern: linkage == ".extern"));
                    break;
                case ".file":
                    SkipFile();
                    break;
                default:
                    throw _tokens.Error($"{_tokens.Peek} is no declaration that this machine knows: a module has .entry, .const "
                        + "and .shared");
            }
        }
        _module.Constants = [.. _constants];
        return _module;
    }

    private void ReadHead()
    {
        _tokens.Expect(".version");
        PtxToken version = _tokens.Take();
        _module.Version = Version.TryParse(version.Text, out Version? known) && known >= new Version(7, 0)
            ? known : throw _tokens.Error($"version {version.Text} is not one from 7.0");
        _tokens.Expect(".target");
        string target = _tokens.Take().Text;
        if (!target.StartsWith("sm_", StringComparison.Ordinal)
            || !int.TryParse(target.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int architecture))
            throw _tokens.Error($"a target such as sm_80 is expected where '{target}' stands");
        _module.Target = architecture;
        while (_tokens.TakeIf(','))
            _tokens.ExpectOneOf("debug", "texmode_independent");
        _tokens.Expect(".address_size");
        _tokens.Expect("64");
    }

    private void ReadConstants()
    {
        PtxArray array = _tokens.ReadArray(isExtern: false, hasContents: true);
        while (_constants.Count % array.Alignment != 0)
            _constants.Add(0);
        Declare(array with { Offset = _constants.Count });
        _constants.AddRange(array.Contents);
        if (_constants.Count > ConstantLimit)
            throw _tokens.Error($"constant memory holds {ConstantLimit} bytes, and the module's is {_constants.Count}");
    }

    private void Declare(PtxArray array)
    {
        if (!_arrays.TryAdd(array.Name, array))
            throw _tokens.Error($"'{array.Name}' is declared twice");
    }

    private void ReadKernel()
    {
        var kernel = new KernelParser(_tokens, _module, _arrays).Read();
        if (!_module.Add(kernel))
            throw _tokens.Error($"the kernel '{kernel.Name}' is there twice");
    }

    /// <summary><c>.file 1 "name"</c>, of compilers that note lines of a source.</summary>
    private void SkipFile()
    {
        _tokens.Take();
        _tokens.Take();
        if (_tokens.Take().Kind != PtxTokenKind.Quoted)
            throw _tokens.Error("a file's name in quotes is expected");
    }
}
